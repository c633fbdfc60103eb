import { BrandIcon, PersonIcon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { AccountMenu } from './account-menu.tsx';
import { useMe } from './me.ts';
import { usePlace } from './navigation.ts';
import { PAGES } from './pages.ts';

export function Rail({ onKeys }: { readonly onKeys: () => void }) {
  const me = useMe();
  const { page } = usePlace();
  const pages = PAGES.filter(({ icon, scope }) => icon && (scope === undefined || me.key.scopes.includes(scope)));
  return (
    <header class="rail">
      <a class="brand" href="#/events">
        <BrandIcon size={20} /> Annals
      </a>
      <nav aria-label="Pages">
        <ul>
          {pages.map(({ name, title, icon: Drawing }) => (
            <li key={name}>
              <a class="rail-link" href={`#/${name}`} aria-current={name === page ? 'page' : undefined}>
                {Drawing && <Drawing />} {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="rail-foot">
        <Popover
          label="Account"
          buttonClass="rail-account"
          button={
            <>
              <PersonIcon />
              <span class="visually-hidden">Account </span>
              <span class="rail-account-text">
                <span>{me.tenant}</span>
                <span class="small muted">{me.key.name}</span>
              </span>
            </>
          }
        >
          {(close) => <AccountMenu close={close} onKeys={onKeys} />}
        </Popover>
      </div>
    </header>
  );
}
