"""The one style sheet of every card, answer and report: light and dark, on screen and on paper.

Colours come from JupyterLab's theme where there is one, else from VS Code's, else from the reader's own preference.
Every card paints its own background, so that it is readable on pages that know neither.
"""

from terrascope_sdk.render.html import Html
from terrascope_sdk.render.palette import HATCH, UNOBSERVED, hex_of

__all__ = ["STYLE"]

_HATCHING = (
    f"repeating-linear-gradient(135deg,{hex_of(HATCH)} 0 1.5px,{hex_of(UNOBSERVED)} 1.5px 6px) {hex_of(UNOBSERVED)}"
)

STYLE = Html(
    """
.ts-text{display:none}
.ts{--ts-f:#1b1f24;--ts-m:#5a626c;--ts-b:#ffffff;--ts-s:#f4f6f8;--ts-l:#d8dde3;
--ts-fore:var(--jp-content-font-color0,var(--vscode-editor-foreground,var(--ts-f)));
--ts-mute:var(--jp-content-font-color2,var(--vscode-descriptionForeground,var(--ts-m)));
--ts-back:var(--jp-layout-color1,var(--vscode-editor-background,var(--ts-b)));
--ts-soft:var(--jp-layout-color2,var(--ts-s));--ts-line:var(--jp-border-color2,var(--ts-l));
display:block!important;box-sizing:border-box;max-width:980px;padding:16px 20px;border:1px solid var(--ts-line);
border-radius:8px;background:var(--ts-back);color:var(--ts-fore);overflow-wrap:anywhere;text-align:left;
font:14px/1.5 var(--jp-content-font-family,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif)}
@media (prefers-color-scheme:dark){.ts{--ts-f:#e8eaed;--ts-m:#a2a9b3;--ts-b:#16191d;--ts-s:#22272d;--ts-l:#3a4149}}
.ts *{box-sizing:border-box}
.ts-card{display:inline-block!important;min-width:300px;max-width:560px;padding:12px 14px}
.ts-name{font-weight:600;font-size:14px;margin:0 0 8px}
.ts-head{display:flex;gap:12px;justify-content:space-between;align-items:flex-start}
.ts-question{font-size:19px;line-height:1.3;font-weight:600;text-wrap:balance}
.ts-place{color:var(--ts-mute);font-size:13px;margin-top:4px}
.ts-badge{flex:none;padding:2px 10px;border-radius:99px;font-size:12px;font-weight:600;white-space:nowrap;
border:1.5px solid var(--c);background:color-mix(in srgb,var(--c) 14%,transparent)}
.ts-answered{--c:#0f8a5f}.ts-needs_input{--c:#c98a00}.ts-cannot_answer{--c:#7b8490}.ts-failed{--c:#d5303e}
.ts-lead{margin:14px 0 0;padding:10px 14px;border-left:4px solid var(--c);background:var(--ts-soft);font-size:15.5px;
border-radius:0 6px 6px 0;white-space:pre-line}
.ts-lead .ts-tag{display:block;margin-bottom:2px}
.ts-warn{margin:12px 0 0;padding:8px 14px;border:1.5px solid #c98a00;border-radius:6px;
background:color-mix(in srgb,#f0b429 14%,transparent)}
.ts-warn ul{margin:2px 0 0;padding-left:18px}.ts-warn li{margin:2px 0}
.ts-title{margin:22px 0 8px;font-size:12px;font-weight:700;letter-spacing:.06em;text-transform:uppercase;
color:var(--ts-mute)}
.ts-tag{font-size:11px;font-weight:700;letter-spacing:.05em;text-transform:uppercase;color:var(--ts-mute)}
.ts-mute,.ts-small{color:var(--ts-mute);font-size:12.5px}
.ts-scroll{overflow-x:auto}
div.ts table.ts-t{border-collapse:collapse;width:100%;margin:0;table-layout:auto;font-size:13.5px;border:0}
div.ts table.ts-t thead{border-bottom:1.5px solid var(--ts-fore)}
div.ts table.ts-t tbody tr,div.ts table.ts-t tbody tr:hover{background:none;border-bottom:1px solid var(--ts-line)}
div.ts table.ts-t th,div.ts table.ts-t td{padding:6px 14px 6px 0;text-align:left;vertical-align:top;border:0;
background:none;color:inherit;white-space:normal;max-width:none;overflow-wrap:break-word}
div.ts table.ts-t th{font-weight:600;font-size:12px;color:var(--ts-mute);white-space:nowrap}
div.ts table.ts-facts{width:auto}
div.ts table.ts-t .ts-value{font-weight:650;font-size:15px;white-space:nowrap;font-variant-numeric:tabular-nums}
div.ts table.ts-t .ts-range{font-variant-numeric:tabular-nums;white-space:nowrap}
.ts-meter{display:block;width:64px;height:4px;margin-top:3px;background:var(--ts-line);border-radius:2px}
.ts-meter i{display:block;height:4px;background:var(--ts-mute);border-radius:2px}
.ts sup{font-size:10px;line-height:0}
.ts-notes{margin:6px 0 0;font-size:12.5px;color:var(--ts-mute)}
div.ts ol.ts-steps{list-style:none;margin:0;padding:0}
div.ts ol.ts-steps>li{position:relative;margin:0;padding:0 0 16px 36px}
div.ts ol.ts-steps>li:before{content:"";position:absolute;left:11px;top:26px;bottom:0;width:2px;
background:var(--ts-line)}
div.ts ol.ts-steps>li:last-child:before{display:none}
.ts-number{position:absolute;left:0;top:0;width:24px;height:24px;border-radius:50%;border:1.5px solid var(--ts-mute);
text-align:center;font-size:12px;font-weight:700;line-height:21px;background:var(--ts-back)}
.ts-said{white-space:pre-line}
.ts-pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,290px),1fr));gap:14px;margin:10px 0 4px}
.ts-figure{margin:0;min-width:0}
.ts-frame{position:relative;overflow:hidden;border-radius:3px;outline:1px solid var(--ts-line);"""
    f"background:{_HATCHING};"
    """background-origin:border-box;print-color-adjust:exact;-webkit-print-color-adjust:exact}
.ts-plain{background:#fff}
.ts-frame>div.ts-picture{position:absolute;inset:0;background-size:100% 100%;background-repeat:no-repeat}
div.ts .ts-frame>img{position:absolute;left:0;top:0;width:100%;height:100%;max-width:none;margin:0;padding:0;border:0}
.ts-outline{position:absolute;inset:0;width:100%;height:100%;pointer-events:none}
.ts-sharp{image-rendering:pixelated}
.ts-bar{position:absolute;left:3%;bottom:9px;height:5px;background:#fff;border:1px solid #000;pointer-events:none}
.ts-bar span{position:absolute;left:0;bottom:6px}
.ts-bar span{font:600 12px/1.2 Arial,Helvetica,sans-serif;color:#fff;white-space:nowrap;
text-shadow:0 0 2px #000,0 0 2px #000,0 0 3px #000,1px 1px 1px #000,-1px -1px 1px #000}
.ts-north{position:absolute;right:8px;top:8px;width:24px;height:34px;pointer-events:none;overflow:visible}
.ts-caption{margin-top:4px;font-size:12.5px;line-height:1.4}
.ts-caption .ts-letter{font-weight:700;margin-right:4px}
.ts-legend{display:flex;flex-wrap:wrap;gap:2px 16px;margin-top:3px;font-size:12.5px}
.ts-swatch{display:inline-block;width:18px;height:12px;margin-right:6px;vertical-align:-1px;border:2px solid var(--c);
box-shadow:0 0 0 .5px #0008;background:color-mix(in srgb,var(--c) 36%,transparent);
print-color-adjust:exact;-webkit-print-color-adjust:exact}
"""
    f".ts-unseen{{border-width:1px;--c:{hex_of(HATCH)};background:{_HATCHING}}}"
    """
.ts-dashes{display:inline-block;width:18px;margin-right:6px;vertical-align:4px;border-top:2px dashed var(--ts-fore)}
.ts-how{margin:4px 0 0;font-size:12.5px;color:var(--ts-mute)}
.ts-how code{font:12px/1.4 var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);color:var(--ts-fore);
background:var(--ts-soft);padding:1px 5px;border-radius:3px;white-space:normal}
div.ts ul.ts-checks{list-style:none;margin:0;padding:0}
div.ts ul.ts-checks>li{position:relative;margin:0 0 5px;padding-left:24px}
.ts-mark{position:absolute;left:0;top:0;font-weight:700;color:var(--c)}
.ts-passed{--c:#0f8a5f}.ts-missed{--c:#d5303e}
.ts details{margin:6px 0 0;font-size:13px}
.ts td details{margin:2px 0 0;font-size:12.5px}
.ts summary{cursor:pointer;color:var(--ts-mute);font-weight:600;font-size:12.5px}
.ts details>div,.ts details>p{margin:4px 0 8px}
.ts-folds{margin-top:18px;padding-top:8px;border-top:1px solid var(--ts-line)}
.ts-block{white-space:pre-wrap;font:12px/1.45 var(--jp-code-font-family,ui-monospace,Menlo,Consolas,monospace);
background:var(--ts-soft);color:var(--ts-fore);padding:8px 12px;border-radius:4px;margin:4px 0 8px;max-height:420px;
overflow:auto}
.ts-prose{max-width:75ch;white-space:pre-line}
.ts-credit{margin-top:14px;font-size:12.5px;color:var(--ts-mute)}
@media print{.ts{border:0;padding:0;max-width:none}.ts-figure,.ts tr,.ts-warn{break-inside:avoid}
.ts details::details-content{content-visibility:visible;display:block}.ts-block{max-height:none}}
"""
)
"""Style rules; every class begins with ``ts``."""
