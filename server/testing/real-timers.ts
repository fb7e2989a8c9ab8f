// Given to every file of the bundle (build.mjs), those of smtp-server and express too, in the place of the global ones:
// tests fake these in the process in which the sandbox runs.
export {
  clearImmediate,
  clearInterval,
  clearTimeout,
  setImmediate,
  setInterval,
  setTimeout,
} from 'node:timers';
