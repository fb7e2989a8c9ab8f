// What this browser remembers: looks and sizes, nothing of the mail.
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'dense' | 'roomy';
export type PreviewWidth = 'phone' | 'tablet' | 'full';

interface Values {
  theme: Theme;
  density: Density;
  /** Share of the list in the split, in percent. */
  inboxSplit: number;
  sessionsSplit: number;
  issuesSplit: number;
  previewWidth: PreviewWidth;
  previewDark: boolean;
  showLineEnds: boolean;
  /** Keys that are pressed without Ctrl, such as `e`; who dictates may want them off (WCAG 2.1.4). */
  singleKeys: boolean;
  /** The client that Connect shows the settings of. */
  connectClient: string;
}

const defaults: Values = {
  theme: 'system',
  density: 'roomy',
  inboxSplit: 34,
  sessionsSplit: 34,
  issuesSplit: 34,
  previewWidth: 'full',
  previewDark: false,
  showLineEnds: false,
  singleKeys: true,
  connectClient: 'nodemailer',
};
const key = 'mailscope:preferences';

export class Preferences {
  #values = $state.raw<Values>(defaults);
  readonly #window: Window;

  constructor(window: Window) {
    this.#window = window;
    this.#values = { ...defaults, ...this.#load() };
    this.#apply();
  }

  get values(): Readonly<Values> {
    return this.#values;
  }

  set(change: Partial<Values>): void {
    this.#values = { ...this.#values, ...change };
    this.#apply();
    try {
      this.#window.localStorage.setItem(key, JSON.stringify(this.#values));
    } catch {
      // Storage may be full or forbidden; the choice then holds for this page only.
    }
  }

  #load(): Partial<Values> {
    try {
      const stored: unknown = JSON.parse(this.#window.localStorage.getItem(key) ?? '{}');
      if (typeof stored !== 'object' || stored === null) return {};
      const sameType = Object.entries(stored).filter(
        ([name, value]) => name in defaults && typeof value === typeof defaults[name as keyof Values],
      );
      return Object.fromEntries(sameType);
    } catch {
      return {};
    }
  }

  #apply(): void {
    const root = this.#window.document.documentElement;
    if (this.#values.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.#values.theme;
    root.dataset['density'] = this.#values.density;
    root.dataset['keys'] = this.#values.singleKeys ? 'all' : 'few';
  }
}
