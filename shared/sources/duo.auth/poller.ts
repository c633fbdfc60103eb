import { definePoller } from '../../polling/poller.ts';
import { collectorOf, SECRETS, Settings } from '../duo/connection.ts';
import { pagesOf, streamOf } from '../duo/pages.ts';

const page = pagesOf('/admin/v2/logs/authentication', 'authlogs');

/** Reads Duo's authentication log, version 2. */
export const poller = definePoller({
  settings: Settings,
  secrets: SECRETS,
  cursorLasts: true,
  pauseMs: 2_000,
  connect: (settings) => collectorOf(settings, { streams: [streamOf('authentication')], page }),
});
