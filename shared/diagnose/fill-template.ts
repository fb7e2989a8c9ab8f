// Puts what was seen into the sentences of a rule. Apart from what writes findings, which brings all settings of clients.
import type { Found } from '../finding.ts';
import type { Template } from './rule.ts';

/** A name that has no value stays as it is. */
export const fillTemplate = (template: Template, vars: Found['vars']): string =>
  template.replaceAll(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) =>
    Object.hasOwn(vars, name) ? String(vars[name]) : whole,
  );
