import { definePoller } from '../../polling/poller.ts';
import { collectorOf, SECRETS, Settings } from '../duo/connection.ts';
import { pagesOf, streamOf } from '../duo/pages.ts';

const page = pagesOf('/admin/v2/logs/activity', 'items');

/** Reads Duo's activity log. */
export const poller = definePoller({
  settings: Settings,
  secrets: SECRETS,
  cursorLasts: true,
  pauseMs: 2_000,
  connect: (settings) => collectorOf(settings, { streams: [streamOf('activity')], page }),
});
