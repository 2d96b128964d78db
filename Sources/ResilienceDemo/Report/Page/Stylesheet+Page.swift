extension Stylesheet {
  /// How pages look: calm, in the fonts of the reader's system, light or dark as the reader likes.
  ///
  /// The colours of the clients are told apart by those who see few colours, and each has dashes of
  /// its own.
  ///
  /// ## Source
  /// Okabe and Ito (2008), [Color universal design](https://jfly.uni-koeln.de/color/).
  static let page = Stylesheet(
    """
    :root{color-scheme:light dark;--back:#f6f6f3;--card:#fff;--ink:#1c2127;--soft:#5b646e;--rule:#e3e3de;
    --s0:#d55e00;--s1:#0072b2;--s2:#00835f;--s3:#a8458a;--s4:#a87400;--s5:#3d8fc9;--s6:#4d545c;--s7:#8b5a2b;
    --answered:#5fb3a1;--refused:#c3c8ce;--failed:#d55e00;--shade:#d55e0014;--shadeink:#a34800;
    --closed:#cfe6df;--open:#d55e00;--half:#e0a030;--halfback:#fff4d6;--good:#00735a;--bad:#b3400a}
    @media (prefers-color-scheme:dark){:root{--back:#111418;--card:#191d23;--ink:#e7eaee;--soft:#9aa5b1;--rule:#2b313a;
    --s0:#ff9457;--s1:#62b6f2;--s2:#45cfa3;--s3:#e59fcb;--s4:#efb94f;--s5:#a9d6fb;--s6:#b9c0c8;--s7:#d3a77b;
    --answered:#2f8474;--refused:#4d555f;--failed:#e0701f;--shade:#ff94571a;--shadeink:#ffb487;
    --closed:#24463f;--open:#e0701f;--half:#efb94f;--halfback:#3a3018;--good:#5fd3b0;--bad:#ff9a66}}
    *{box-sizing:border-box}
    html{font:16px/1.5 system-ui,-apple-system,'Segoe UI','Helvetica Neue','DejaVu Sans',sans-serif;
    background:var(--back);color:var(--ink);-webkit-text-size-adjust:100%}
    body{margin:0}
    main{max-width:1280px;margin:0 auto;padding:clamp(16px,4vw,48px)}
    h1,h2,h3,p,dl,dd,ul,ol,figure{margin:0;padding:0}
    h1{font-size:clamp(1.7rem,5vw,2.6rem);line-height:1.15;letter-spacing:-.02em;font-weight:650}
    h2{font-size:clamp(1.5rem,4vw,2.1rem);line-height:1.2;letter-spacing:-.015em;font-weight:650}
    h3{font-size:1.02rem;line-height:1.35;font-weight:620}
    .brand{color:var(--soft);font-size:.85rem;letter-spacing:.04em;margin-bottom:8px}
    .lead{font-size:1.08rem;color:var(--soft);max-width:46rem;margin-top:10px}
    .look{max-width:46rem;margin-top:10px}
    .note{color:var(--soft);font-size:.87rem;margin-top:2px;overflow-wrap:anywhere}
    .run{margin-top:clamp(36px,6vw,72px)}
    .run+.run{border-top:1px solid var(--rule);padding-top:clamp(36px,6vw,72px)}
    .card{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:clamp(14px,2.4vw,22px);min-width:0}
    .cards,.columns,.overview{display:grid;gap:16px;margin-top:20px}
    .cards{grid-template-columns:repeat(auto-fit,minmax(min(100%,215px),1fr))}
    .overview{grid-template-columns:repeat(auto-fill,minmax(min(100%,270px),1fr));margin-top:10px}
    .facts{align-items:start}.stack{display:grid;gap:16px;min-width:0}
    .columns{grid-template-columns:repeat(auto-fit,minmax(min(100%,460px),1fr))}
    .wide{grid-column:1/-1;min-width:0}
    .client h3{display:flex;gap:8px;align-items:center}
    .figures{display:grid;grid-template-columns:repeat(2,1fr);gap:12px 16px;margin-top:14px}
    .figures dt{font-size:.8rem;color:var(--soft);line-height:1.3}
    .figures dd{font-variant-numeric:tabular-nums;white-space:nowrap}
    .figures dd strong{font-size:1.6rem;font-weight:600;letter-spacing:-.02em;margin-right:4px}
    .figures dd span{font-size:.85rem;color:var(--soft)}
    .figures div:first-child dd strong{font-size:2.3rem}
    .figures div{display:flex;flex-direction:column-reverse;justify-content:flex-end}
    .legend{display:flex;flex-wrap:wrap;gap:4px 18px;list-style:none;font-size:.87rem;margin-top:8px}
    .legend li,.tile-values>span{display:flex;align-items:center;gap:7px}
    .swatch{flex:none}
    .box{width:12px;height:12px;border-radius:3px;flex:none}
    .box.answered{background:var(--answered)}.box.refused{background:var(--refused)}.box.failed{background:var(--failed)}
    .box.closed{background:var(--closed)}.box.open{background:var(--open)}
    .box.half-open{background:repeating-linear-gradient(135deg,var(--half) 0 3px,var(--halfback) 3px 6px)}
    .plot{margin-top:12px}.chart{margin-left:46px;width:calc(100% - 46px)}
    .chart,.spark{display:block;overflow:visible;font:11px system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif}
    .chart text{fill:var(--soft);font-variant-numeric:tabular-nums}
    .chart .phase{fill:var(--shadeink)}
    .grid{stroke:var(--rule);stroke-width:1}
    .base{stroke:var(--soft);stroke-width:1;opacity:.55}
    .reference{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:1 4;stroke-linecap:round}
    .transition{stroke:var(--soft);stroke-width:1;opacity:.4;stroke-dasharray:2 3}
    .failing{fill:var(--shade)}
    .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:butt}
    .s0{stroke:var(--s0);stroke-dasharray:7 3}.s1{stroke:var(--s1)}.s2{stroke:var(--s2);stroke-dasharray:2 2}
    .s3{stroke:var(--s3);stroke-dasharray:10 3 2 3}.s4{stroke:var(--s4);stroke-dasharray:14 4}
    .s5{stroke:var(--s5);stroke-dasharray:4 2 1 2}.s6{stroke:var(--s6);stroke-dasharray:1 3}.s7{stroke:var(--s7);stroke-dasharray:9 2}
    .area.answered{fill:var(--answered)}.area.refused{fill:var(--refused)}.area.failed{fill:var(--failed)}
    .state.closed{fill:var(--closed)}.state.open{fill:var(--open)}
    .hatch{fill:var(--half)}.hatch-back{fill:var(--halfback)}
    .mark-dot{fill:var(--card);stroke:var(--ink);stroke-width:1.3}
    .strip-name{font-size:.87rem;margin-top:12px}.strip-name+.plot{margin-top:2px}
    details{margin-top:12px;font-size:.87rem}
    summary{cursor:pointer;color:var(--soft);width:fit-content}
    .scroll{overflow:auto;margin-top:8px;border-radius:6px}details .scroll{max-height:22rem}
    table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.87rem}
    caption{text-align:left;color:var(--soft);font-size:.8rem;padding-bottom:4px}
    th,td{padding:5px 10px 5px 0;border-bottom:1px solid var(--rule);text-align:right;font-weight:400;vertical-align:bottom}
    thead th{color:var(--soft);white-space:nowrap;position:sticky;top:0;background:var(--card)}
    tbody th{text-align:left}
    thead th:first-child{text-align:left}
    .values tbody th,td{white-space:nowrap}
    tr.part th{padding-left:14px;color:var(--soft)}
    td:last-child,th:last-child{padding-right:0}
    .claims,.events{list-style:none}
    .claims li{display:grid;grid-template-columns:5.6rem 1fr;gap:0 8px;padding:10px 0;border-bottom:1px solid var(--rule)}
    .claims li:last-child{border:0}
    .measured{grid-column:2;color:var(--soft);font-size:.87rem;overflow-wrap:anywhere}
    .holds strong,.verdict.holds{color:var(--good)}.fails strong,.verdict.fails{color:var(--bad)}
    .card h3+ul,.card h3+ol,.card h3+dl,.card h3+.scroll{margin-top:8px}
    .card .scroll+h3{margin-top:22px}
    .events{max-height:22rem;overflow:auto;font-size:.9rem}
    .events li{display:grid;grid-template-columns:5rem 1fr;padding:3px 0}
    .when{color:var(--soft);font-variant-numeric:tabular-nums}
    .settings{display:grid;grid-template-columns:minmax(7rem,auto) 1fr;gap:4px 16px;font-size:.9rem;margin-bottom:14px}
    .settings dt{color:var(--soft)}.settings dd{overflow-wrap:anywhere}
    pre{background:var(--back);border:1px solid var(--rule);border-radius:8px;padding:10px 12px;margin:8px 0 0;overflow:auto;font-size:.82rem}
    .tile{display:flex;flex-direction:column;gap:6px;color:inherit;text-decoration:none}
    .tile:hover,.tile:focus-visible{border-color:var(--soft)}
    .tile-name{font-weight:650;font-size:1.1rem}
    .tile-values{display:flex;flex-wrap:wrap;gap:2px 16px;font-size:.87rem}.tile-values>span{white-space:nowrap}.tile .spark{margin-top:auto}.overview-note{margin-top:28px}
    .verdict{font-size:.87rem}
    .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
    .bar{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
    .controls{position:sticky;top:0;z-index:2;margin-top:20px;box-shadow:0 6px 24px #00000012}
    .controls h3{margin-bottom:8px}
    .status{font-variant-numeric:tabular-nums;margin-bottom:10px}
    button{font:inherit;font-size:.92rem;color:inherit;background:var(--back);border:1px solid var(--rule);border-radius:9px;padding:7px 13px;cursor:pointer}
    button:hover{border-color:var(--soft)}
    button:focus-visible,a:focus-visible,summary:focus-visible,.scroll:focus-visible,pre:focus-visible{outline:2px solid var(--s1);outline-offset:2px}
    button[aria-pressed=true]{background:var(--open);border-color:var(--open);color:#fff}
    button.primary{background:var(--ink);color:var(--card);border-color:var(--ink)}
    .message{color:var(--soft);font-size:.87rem;min-height:1.3em;margin-top:8px}
    @media (prefers-color-scheme:dark){button[aria-pressed=true]{color:#111418}}
    @media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    @media print{.card{break-inside:avoid}main{max-width:none;padding:0}details{display:none}}
    """
  )
}
