/// The script of the dashboard: it shows what arrives, and sends what is pressed.
enum DashboardScript {
  static let path = "/dashboard.js"

  /// Everything it shows has been escaped by the server; it makes no markup of its own.
  static let text = """
    'use strict';
    (() => {
      const secret = document.getElementById('dashboard').dataset.secret;
      const say = (text) => {
        document.getElementById('message').textContent = text;
      };
      const events = new EventSource('/events');
      let failures = 0;
      events.addEventListener('open', () => {
        failures = 0;
      });
      events.addEventListener('part', (event) => {
        const { name, html } = JSON.parse(event.data);
        const element = document.querySelector('[data-part="' + CSS.escape(name) + '"]');
        if (!element) return;
        const focused = element.contains(document.activeElement)
          ? document.activeElement.dataset.action : undefined;
        element.innerHTML = html;
        if (focused) {
          const next = element.querySelector('[data-action="' + CSS.escape(focused) + '"]');
          if (next) next.focus();
        }
      });
      events.addEventListener('reload', () => {
        events.close();
        location.reload();
      });
      events.addEventListener('end', () => {
        events.close();
        say('The demo has ended. What you see is its last picture.');
      });
      events.addEventListener('full', () => {
        events.close();
        say('Too many pages watch already; this one stands still.');
      });
      events.addEventListener('error', () => {
        failures += 1;
        if (failures < 3) return;
        events.close();
        say('The demo does not answer any more.');
      });
      document.addEventListener('click', async (event) => {
        const button = event.target.closest('button[data-action]');
        if (!button) return;
        try {
          const answer = await fetch(button.dataset.action, {
            method: 'POST',
            headers: { 'X-Demo-Secret': secret },
          });
          say(await answer.text());
        } catch {
          say('The demo does not answer.');
        }
      });
    })();
    """
}
