import type { ComponentChildren } from 'preact';

/** A drawing of 16 by 16, in the colour of the text beside it. It says nothing that the text does not. */
function icon(children: ComponentChildren) {
  return ({ size = 16 }: { readonly size?: number }) => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export type Icon = ReturnType<typeof icon>;

export const BrandIcon = icon(<path d="M2.5 13V3.5M6 13V6M9.5 13V3.5M13 13V8.5M2.5 3.5 6 6l3.5-2.5L13 8.5" />);
export const ActivityIcon = icon(<path d="M2 4h12M2 8h12M2 12h7" />);
export const CoverageIcon = icon(<path d="M2.5 2.5h4v4h-4zM9.5 2.5h4v4h-4zM2.5 9.5h4v4h-4zM9.5 9.5h4v4h-4z" />);
export const SourcesIcon = icon(
  <path d="M2.5 4c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zm0 0v8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2V4M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2" />,
);
export const SavedIcon = icon(<path d="M4 2.5h8v11L8 10.8l-4 2.7z" />);
export const AdminIcon = icon(
  <path d="M8 1.8 13.2 4v3.6c0 3.2-2.2 5.4-5.2 6.6-3-1.2-5.2-3.4-5.2-6.6V4zM5.8 8l1.6 1.6 2.9-3.1" />,
);
export const HelpIcon = icon(
  <path d="M8 14.2A6.2 6.2 0 1 0 8 1.8a6.2 6.2 0 0 0 0 12.4zM6.2 6.2c.2-2.3 3.8-2.2 3.7.1-.1 1.4-1.9 1.4-1.9 2.9M8 11.4v.1" />,
);
export const SearchIcon = icon(<path d="M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3 14 14" />);
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const PlusIcon = icon(<path d="M8 3.5v9M3.5 8h9" />);
export const CheckIcon = icon(<path d="m3 8.5 3.2 3L13 4.5" />);
export const CopyIcon = icon(<path d="M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3" />);
export const ChevronIcon = icon(<path d="m6 3.5 4.5 4.5L6 12.5" />);
export const DownIcon = icon(<path d="M3.5 6 8 10.5 12.5 6" />);
export const ClockIcon = icon(<path d="M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5" />);
export const ColumnsIcon = icon(<path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />);
export const DownloadIcon = icon(<path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11" />);
export const LinkIcon = icon(
  <path d="M6.8 9.2 9.2 6.8M7.2 4.4l1.5-1.5a3.1 3.1 0 0 1 4.4 4.4l-1.5 1.5M8.8 11.6l-1.5 1.5a3.1 3.1 0 0 1-4.4-4.4l1.5-1.5" />,
);
export const OpenIcon = icon(<path d="M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11.5 9.5v4h-9v-9h4" />);
export const WarningIcon = icon(<path d="M8 2 14.5 13.5h-13zM8 6.2v3.4M8 11.6v.1" />);
export const SealIcon = icon(<path d="M3.5 7h9v6.5h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2M8 9.6v1.4" />);
export const PersonIcon = icon(
  <path d="M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.5-2.6 2.5-3.8 5.2-3.8s4.7 1.2 5.2 3.8" />,
);
export const RefreshIcon = icon(<path d="M13.5 3v3.5H10M13 6.3A5.5 5.5 0 1 0 13.4 9" />);
export const MoreIcon = icon(<path d="M3.5 8h.01M8 8h.01M12.5 8h.01" />);
