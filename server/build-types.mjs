// Writes dist/types: the declarations of what tests import. They name no schema library and no source of ours: what
// the contract defines is printed from its JSON Schemas, the rest is declared as its sources are.
import { build } from 'esbuild';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { contractNames, contractText } from './contract-types.mjs';

const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  allowImportingTsExtensions: true,
  verbatimModuleSyntax: true,
  isolatedDeclarations: true,
  declaration: true,
};

/** What of these is declared by the contract's text, and not by the file itself. */
const isContract = (path) =>
  (path.startsWith('shared/') && !path.startsWith('shared/client/') && path !== 'shared/errors.ts') ||
  path === 'shared/client/client.ts';

async function readDocument(root) {
  const file = join(root, 'dist', `openapi-${process.pid}.mjs`);
  mkdirSync(join(root, 'dist'), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['shared/openapi/document.ts'],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  try {
    const { openApiDocument } = await import(pathToFileURL(file).href);
    return openApiDocument('0.0.0');
  } finally {
    rmSync(file, { force: true });
  }
}

function declare(path, text) {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(text, {
    compilerOptions: options,
    fileName: path,
    reportDiagnostics: true,
  });
  if (diagnostics.length === 0) return outputText;
  const problems = diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  throw new Error(`${path} cannot be declared by itself: ${problems.join('; ')}`);
}

const specifier = /(from\s+['"]|import\(['"])(\.[^'"]+)(['"])/g;

/** The text with its imports as those of the flat folder, and the files that it needs. */
function flatten(root, path, text) {
  const needed = [];
  const flat = text.replace(specifier, (_, before, name, after) => {
    const target = relative(root, join(root, dirname(path), name)).replaceAll('\\', '/');
    if (!isContract(target)) needed.push(target);
    const flatName = isContract(target) ? 'contract' : basename(target, '.ts');
    return `${before}./${flatName}.js${after}`;
  });
  return { flat, needed };
}

// Only where the runner is installed can its own types be added to.
const ifInstalled = '// @ts-ignore';
const augmentations = {
  // Not its Matchers: from version 5 on that has other parameters, and all declarations of one must have the same.
  vitest: `
import type { MailMatchers } from './matchers.js';
declare global {
  namespace Chai {
    interface Assertion extends MailMatchers {}
  }
}
${ifInstalled}
declare module 'vitest' {
  interface AsymmetricMatchersContaining extends MailMatchers {}
}
`,
  jest: `
import type { MailMatchers } from './matchers.js';
declare global {
  namespace jest {
    interface Matchers<R, T> extends MailMatchers {}
  }
}
${ifInstalled}
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T> extends MailMatchers {}
}
`,
  cypress: `
declare global {
  namespace Cypress {
    interface Chainable<Subject> {
      waitForMail(...given: Parameters<MailCommands['waitForMail']>): Chainable<TestMessage>;
      waitForMails(...given: Parameters<MailCommands['waitForMails']>): Chainable<MessageSummary[]>;
      expectNoMail(...given: Parameters<MailCommands['expectNoMail']>): Chainable<null>;
      expectMail(...given: Parameters<MailCommands['expectMail']>): Chainable<ExpectationReport>;
      deleteMail(): Chainable<{ count: number }>;
    }
  }
}
`,
};

/** `entries`: source files by the name behind `mailscope/`. */
export async function buildTypes(root, entries) {
  const folder = join(root, 'dist', 'types');
  const document = await readDocument(root);
  const client = readFileSync(join(root, 'shared/client/client.ts'), 'utf8');
  const files = new Map([['contract', contractText(document, client)]]);
  const words = `export type { ${contractNames(document).join(', ')} } from './contract.js';\n`;
  const extras = { ...augmentations, client: words, entry: words };
  const sources = new Map();
  const add = (path, name) => {
    if (sources.has(name)) {
      if (sources.get(name) !== path) throw new Error(`${path} and ${sources.get(name)} have one name`);
      return;
    }
    sources.set(name, path);
    const declared = declare(path, readFileSync(join(root, path), 'utf8'));
    const { flat, needed } = flatten(root, path, declared);
    files.set(name, flat);
    for (const target of needed) add(target, basename(target, '.ts'));
  };
  for (const [name, path] of Object.entries(entries)) add(path, name);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of files) {
    const extra = extras[name] ?? '';
    writeFileSync(join(folder, `${name}.d.ts`), text + extra);
    writeFileSync(
      join(folder, `${name}.d.cts`),
      (text + extra).replaceAll(/(['"]\.\/[^'"]+)\.js(['"])/g, '$1.cjs$2'),
    );
  }
}
