import { mount } from 'svelte';
import Root from './App.svelte';
import './app.css';
import { App } from './state/app.svelte.ts';

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app element.');
mount(Root, { target, props: { app: new App(window) } });
