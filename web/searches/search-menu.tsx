import type { SavedSearch } from '../api/types.ts';
import { useScope } from '../app/me.ts';
import { api } from '../app/session.ts';
import { MoreIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { toast } from '../ui/toast.tsx';
import type { Act } from './search-list.tsx';
import { searchPath } from './search-path.ts';

/** What can be done with a search: its maker and administrators change it, others copy it. */
export function SearchMenu(props: {
  readonly search: SavedSearch;
  readonly onAct: (act: Act) => void;
  readonly onChange: () => void;
}) {
  const { search, onAct, onChange } = props;
  const { name, query, columns, mine, shared, suggested } = search;
  const isAdmin = useScope('admin');
  const mayChange = mine || (isAdmin && !suggested);
  const attempt = async (run: () => Promise<unknown>, done: string) => {
    try {
      await run();
      toast(done);
      onChange();
    } catch (cause) {
      toast(cause instanceof Error ? cause.message : 'It could not be changed.');
    }
  };
  const share = () =>
    attempt(
      () => api.ask(searchPath(search), { method: 'PATCH', body: { shared: !shared } }),
      shared ? 'Only its maker sees it now.' : 'Everyone of this tenant sees it now.',
    );
  const copy = () =>
    attempt(
      () =>
        api.ask('/v1/searches', { method: 'POST', body: { name, query, ...(columns && { columns }), shared: false } }),
      'Copied to yours.',
    );
  return (
    <Popover
      label={`What to do with ${name}`}
      buttonClass="button quiet compact icon-only"
      buttonLabel={`More for ${name}`}
      button={<MoreIcon />}
    >
      {(close) => {
        const item = (label: string, run: () => void, isDanger = false) => (
          <button
            type="button"
            class={isDanger ? 'menu-item danger' : 'menu-item'}
            onClick={() => {
              close();
              run();
            }}
          >
            {label}
          </button>
        );
        return (
          <div class="menu">
            {mayChange && item('Rename…', () => onAct({ does: 'edit', search }))}
            {mayChange && item(shared ? 'Stop sharing' : 'Share with everyone', () => void share())}
            {!mine && item('Copy to yours', () => void copy())}
            {mayChange && item('Delete…', () => onAct({ does: 'delete', search }), true)}
          </div>
        );
      }}
    </Popover>
  );
}
