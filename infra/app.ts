import { createApp } from './synth.ts';

createApp({ validate: true }).app.synth();
