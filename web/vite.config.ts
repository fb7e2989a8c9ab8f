import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const root = fileURLToPath(new URL('.', import.meta.url));
// Where `npm start` listens; another place for development by MAILSCOPE_DEV_SERVER.
const server = process.env['MAILSCOPE_DEV_SERVER'] ?? 'http://127.0.0.1:8025';

export default defineConfig({
  root,
  base: '/',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: fileURLToPath(new URL('../dist/web', import.meta.url)),
    emptyOutDir: true,
    // Nothing inline: the page's CSP allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the page opens with comes in one piece: several small ones are packed less well.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } } },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': server,
      '/mail': server,
      '/cid': server,
      '/socket.io': { target: server, ws: true },
    },
  },
});
