const dark = `@media (prefers-color-scheme: dark) {
  :root { --back: #15181b; --text: #ececec; --soft: #b3b3b3; --line: #454b52; --mark: #ff9d5c; --link: #a3a3a3; }
}
`;

/** What all pages look like: sizes, tables, controls, and a focus that is seen. */
export function baseStyle(scheme: 'light' | 'light dark'): string {
  return `
:root { --back: #fff; --text: #1a1a1a; --soft: #595959; --line: #cfcfcf; --mark: #b34700; --link: #6a6a6a; }
${scheme === 'light' ? '' : dark}* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--back); color: var(--text); font: 16px/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 0.5rem; } h2 { font-size: 1.1rem; margin: 0.5rem 0; }
svg { width: 100%; border: 1px solid var(--line); border-radius: 6px; }
input[type=range] { width: 100%; } table { border-collapse: collapse; margin-top: 0.5rem; } th, td { padding: 0.15rem 0.8rem 0.15rem 0; text-align: right; font-variant-numeric: tabular-nums; } th[scope=row], thead th:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 500; border-bottom: 1px solid var(--line); } th[scope=row] { font-weight: 400; }
button, select { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; padding: 0.1rem 0.5rem; margin-right: 0.3rem; } select option { background: var(--back); color: var(--text); }
:is(button, select, input):focus-visible { outline: 3px solid var(--mark); outline-offset: 1px; }
.note { font-size: 0.8rem; color: var(--soft); }
`;
}
