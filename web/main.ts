import { mount } from 'svelte';
import './app.css';
import './forced-colors.css';
import Gate from './Gate.svelte';
import { App } from './state/app.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app element.');
mount(Gate, { target, props: { app: new App(window) } });
