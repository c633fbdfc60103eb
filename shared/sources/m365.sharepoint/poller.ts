import { definePoller } from '../../polling/poller.ts';
import { collectorOf } from '../m365/collector.ts';
import { SECRETS, Settings } from '../m365/connection.ts';

/** Reads the content type `Audit.SharePoint`. */
export const poller = definePoller({
  settings: Settings,
  secrets: SECRETS,
  cursorLasts: true,
  connect: (settings) => collectorOf(settings, ['Audit.SharePoint']),
});
