import {packageNameOf} from '../../../domain/download.ts';
import type {DownloadView} from '../../../domain/download-view.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {fromText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import type {Column} from '../../components/table.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {sortBy, type ListDescription} from '../../list/list-state.ts';
import {useList} from '../../list/use-list.ts';
import {glyph} from '../../look/appearance.ts';
import {clip} from '../../look/fit.ts';
import {showName} from '../../look/name.ts';
import {
	muted,
	plain,
	toned,
	type Line,
} from '../../look/span.ts';
import {showTime} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {useCopy} from '../../use-copy.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {itemWords} from '../backups/backups-list.ts';
import {useDownloadActs} from './use-download-acts.ts';

const never = '9999';

const downloadsList: ListDescription<DownloadView> = {
	idOf: ({id}) => id,
	searchText: ({id, account, notes, items}) => [id, showName(account), showName(fromText(notes)), ...items.map(({name}) => itemWords[name])].join(' '),
	sorts: [
		sortBy('created', ({createdAt}) => createdAt, true),
		sortBy('account', ({account}) => account),
		sortBy('expires', ({expiresAt}) => expiresAt ?? never),
		sortBy('size', ({sizeBytes}) => sizeBytes ?? 0, true),
	],
	bytesOf: ({sizeBytes}) => sizeBytes ?? 0,
};

const columns: ReadonlyArray<Column<DownloadView>> = [
	{title: 'ACCOUNT', width: {share: 1, least: 10}, cell: ({account}) => plain(showName(account))},
	{title: 'CREATED', width: 16, cell: ({createdAt}) => plain(showTime(createdAt))},
	{title: 'EXPIRES', width: 10, cell: ({expiresAt}) => plain(expiresAt === null ? 'never' : showTime(expiresAt).slice(0, 10))},
	{
		title: 'SIZE', width: 7, alignment: 'right', cell: ({sizeBytes}) => plain(formatBytes(sizeBytes)),
	},
	{
		title: 'FETCHED', width: 7, alignment: 'right', cell: ({fetchCount}) => plain(String(fetchCount)),
	},
	{title: 'NOTES', width: {share: 2, least: 12}, cell: ({notes}) => muted(notes === '' ? glyph('none') : showName(fromText(notes)))},
];

/** Below the rows: the focused download in full, and the line that fetches it. */
const footerHeight = 5;

/** The packages that can be saved or fetched. */
export function DownloadsScreen({filter}: {readonly filter?: string | undefined}) {
	const {data, server} = useSession();
	const {width, height} = useBodySize();
	const copy = useCopy();
	const {value, error} = useLoaded('downloads', async () => data.listDownloads());
	const list = useList({
		description: downloadsList, items: value, height: height - headingHeight - footerHeight, filter,
	});
	const {focused, chosen} = list;

	const keys = useKeys('downloads', {
		...list.handlers,
		...useDownloadActs({focused, chosen, nothing: whyNothing(value, 'download')}),
		copy: focused === undefined
			? whyNothing(value, 'download')
			: () => {
				copy(fetchLine(focused, server));
			},
	});

	return (
		<Screen info={<ListInfo description={downloadsList} dispatch={list.dispatch} remark={value === undefined ? '' : countOf(value.length, 'download')} state={list.state}/>} keys={keys}>
			<ListBody
				columns={columns}
				description={downloadsList}
				emptyText='There is none: "Pack a download" in a backup, or p where something is ticked, makes one.'
				error={error}
				footer={focused === undefined ? [] : footerLines(focused, {server, width})}
				state={list.state}
				waitingFor={value === undefined ? 'Reading the downloads' : undefined}
				width={width}
			/>
		</Screen>
	);
}

const fetchLine = (download: DownloadView, server: string): string => `ssh root@${quoteArgument(server)} holdfast download save ${download.id} - > ${packageNameOf(download)}`;

const footerLines = (download: DownloadView, {server, width}: {readonly server: string; readonly width: number}): readonly Line[] => {
	const {items, sha256, isPartial, isEncrypted} = download;

	return [
		[],
		[muted('   holds   '), plain(clip(items.map(({name, parts}) => `${itemWords[name].toLowerCase()}${parts.length > 1 ? ` (${parts.length})` : ''}`).join(', '), width - 30)), toned('warning', isPartial ? '  partial' : ''), plain(isEncrypted ? '  encrypted' : '')],
		[muted('   sha256  '), plain(clip(sha256 ?? glyph('none'), width - 12))],
		[muted('   fetch   '), plain(clip(fetchLine(download, server), width - 12))],
		[],
	];
};
