import { useState } from 'preact/hooks';
import { Button } from '../ui/button.tsx';
import { DownloadIcon, RefreshIcon, SavedIcon } from '../ui/icons.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { ExportDialog } from './export-dialog.tsx';
import type { Range } from './range.ts';
import type { FeedState } from './route.ts';
import { SaveDialog } from './save-dialog.tsx';

/** What can be done with what is shown. */
export function FeedActions(props: {
  readonly state: FeedState;
  readonly range: Range;
  readonly onChange: (change: Partial<FeedState>) => void;
  readonly onReload: () => void;
}) {
  const { state, range, onChange, onReload } = props;
  const [dialog, setDialog] = useState<'export' | 'save' | null>(null);
  const close = () => setDialog(null);
  return (
    <div class="row feed-actions">
      <Button kind="quiet" icon={<RefreshIcon />} label="Load again" onClick={onReload} />
      <ColumnPicker state={state} onChange={onChange} />
      <Button icon={<DownloadIcon />} onClick={() => setDialog('export')}>
        Export
      </Button>
      <Button icon={<SavedIcon />} onClick={() => setDialog('save')}>
        Save
      </Button>
      {dialog === 'export' && <ExportDialog state={state} range={range} onClose={close} />}
      {dialog === 'save' && <SaveDialog state={state} onClose={close} />}
    </div>
  );
}
