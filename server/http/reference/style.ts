// The look of the reference page. Its colours are those of the interface.
export const style = `
:root { color-scheme: light dark;
  --paper: light-dark(oklch(97.6% 0.005 265), oklch(17% 0.014 268));
  --surface: light-dark(oklch(100% 0 0), oklch(20.2% 0.016 268));
  --sunken: light-dark(oklch(95.6% 0.007 265), oklch(15% 0.013 268));
  --line: light-dark(oklch(91.6% 0.008 265), oklch(28.5% 0.018 268));
  --ink: light-dark(oklch(25% 0.03 270), oklch(94% 0.008 265));
  --ink-2: light-dark(oklch(41% 0.026 268), oklch(80% 0.014 265));
  --ink-3: light-dark(oklch(50% 0.022 266), oklch(69% 0.018 265));
  --accent: light-dark(oklch(47% 0.17 278), oklch(79% 0.1 281));
  --server: light-dark(oklch(44% 0.08 192), oklch(82% 0.085 188));
  --warn: light-dark(oklch(46% 0.1 68), oklch(84% 0.11 82));
  --bad: light-dark(oklch(48% 0.17 24), oklch(78% 0.12 24));
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Menlo, Consolas, 'Liberation Mono', monospace; }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr); background: var(--paper);
  color: var(--ink); font: 0.9375rem/1.55 system-ui, sans-serif; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, pre { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
p, ul { margin: 0 0 0.75rem; }
ul { padding: 0; list-style: none; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--surface); padding: 0.5rem; z-index: 1; }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.25rem 1rem; background: var(--surface);
  border-right: 1px solid var(--line); font-size: 0.8125rem; }
nav .home { font-size: 1rem; font-weight: 600; }
nav .home span { color: var(--ink-3); font-weight: 400; }
nav h2 { margin: 1rem 0 0.25rem; font-size: 0.8125rem; }
nav h2 a { color: var(--ink); }
nav li a { display: flex; gap: 0.5rem; padding: 0.125rem 0; color: var(--ink-2); overflow-wrap: anywhere; }
nav .method { flex: 0 0 2.75rem; text-align: right; }
nav .narrow { display: none; }
summary { cursor: pointer; padding: 0.25rem 0; }
main { width: 100%; max-width: 54rem; padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.2; }
main > h2 { margin: 3rem 0 0.5rem; font-size: 1.25rem; }
section { margin: 1rem 0; padding: 1rem 1.25rem; background: var(--surface); border: 1px solid var(--line);
  border-radius: 10px; }
section:target { border-color: var(--accent); }
h3 { margin: 0 0 0.5rem; font-size: 1rem; font-weight: 600; }
h3 a { color: inherit; }
h3 code { font-size: 0.9375rem; }
h4 { margin: 1rem 0 0.375rem; font-size: 0.8125rem; color: var(--ink-3); font-weight: 600; }
.method { font: 600 0.75rem/1.9 var(--mono); color: var(--server); }
.method.post, .method.patch, .method.put { color: var(--warn); }
.method.delete { color: var(--bad); }
.fields { margin: 0 0 0.5rem; }
.fields li { padding: 0.375rem 0; border-top: 1px solid var(--line); }
.fields .fields { margin: 0.375rem 0 0; padding-left: 0.875rem; border-left: 2px solid var(--line); }
.fields .fields > li:first-child { border-top: 0; }
.field { overflow-wrap: anywhere; }
.name { font-weight: 600; }
.type { color: var(--ink-3); font-size: 0.8125rem; }
.optional { color: var(--ink-3); font-size: 0.75rem; font-style: italic; }
.note { color: var(--ink-2); font-size: 0.875rem; overflow-wrap: anywhere; }
.or { padding: 0.25rem 0; color: var(--ink-3); font-size: 0.75rem; }
.body { margin: 0 0 0.25rem; color: var(--ink-2); }
.errors li { display: flex; gap: 0.75rem; padding: 0.25rem 0; font-size: 0.875rem; }
.errors div { min-width: 0; }
.status { flex: 0 0 2rem; font: 600 0.8125rem/1.7 var(--mono); color: var(--bad); }
pre { margin: 0 0 0.5rem; padding: 0.75rem 1rem; overflow-x: auto; background: var(--sunken);
  border-radius: 6px; line-height: 1.5; white-space: pre-wrap; }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); }
  nav .home { margin: 0 0 0.25rem; }
  nav .wide { display: none; }
  nav .narrow { display: block; }
  section { padding: 0.875rem 1rem; }
}
@media print { nav { display: none; } body { display: block; } section { break-inside: avoid; } }
`;
