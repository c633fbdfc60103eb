import { z } from 'zod';
import { definePoller } from '../../polling/poller.ts';
import { collectorOf } from '../m365/collector.ts';
import { SECRETS, Settings } from '../m365/connection.ts';

const GeneralSettings = Settings.extend({
  dlp: z
    .boolean()
    .default(false)
    .describe(
      'Whether to read the content type `DLP.All` too: matches of rules against data loss in all workloads. Needs the permission ActivityFeed.ReadDlp.',
    ),
});

/** Reads the content type `Audit.General`, and `DLP.All` where that is wanted. */
export const poller = definePoller({
  settings: GeneralSettings,
  secrets: SECRETS,
  cursorLasts: true,
  connect: ({ dlp, ...settings }) => collectorOf(settings, ['Audit.General', ...(dlp ? ['DLP.All'] : [])]),
});
