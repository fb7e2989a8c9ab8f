// The messages of test/fixtures/mail, as bytes.
import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('../fixtures/mail/', import.meta.url);

export const mailFixtureNames: string[] = readdirSync(folder).sort();
export const readMailFixture = (name: string): Buffer => readFileSync(new URL(name, folder));
