import {Box} from 'ink';
import type {BackupView} from '../../../domain/backup-view.ts';
import {everything, type ItemChoice} from '../../../domain/restore.ts';
import {countOf, formatBytes, formatCount} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {ReportTable, type ReportColumn} from '../../components/report-table.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import {whyNotItem} from '../../item-ticks.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted} from '../../look/span.ts';
import {showAge} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {itemWords} from '../backups/backups-list.ts';
import {usePack} from '../downloads/use-pack.ts';
import {everythingIn, itemsWords, whyNotFiles} from '../items/chosen-items.ts';
import {backupFacts} from './backup-facts.ts';

const itemColumns: readonly ReportColumn[] = [
	{title: 'ITEM'}, {title: 'STATUS'}, {title: 'FILES', alignment: 'right'}, {title: 'SIZE', alignment: 'right'}, {title: 'PROBLEM'},
];

/** One backup: what it holds, and what can be done with it. */
export function BackupScreen({backup}: {readonly backup: BackupView}) {
	const {now} = useSession();
	const {enter} = useInterface();
	const {width, height} = useBodySize();
	const {ticks, choices} = everythingIn(backup);
	const whyNotHome = whyNotItem(backup, 'homedir') === undefined ? undefined : 'This backup holds no home directory.';
	const whyNotAny = choices.length === 0 ? 'This backup holds nothing that could come back.' : undefined;

	const pack = usePack();

	const restore = (items: readonly ItemChoice[], words: string) => () => {
		enter({screen: 'options', backup, chosen: {items, selection: everything, words}});
	};

	const menu = useMenu([
		{
			value: 'files',
			label: 'Choose files and folders',
			remark: 'tick what is to come back; look inside',
			choose: whyNotHome ?? whyNotFiles(backup) ?? (() => {
				enter({screen: 'files', backup});
			}),
		},
		{
			value: 'home',
			label: 'Restore the whole home',
			remark: 'that alone; options and a preview come first',
			choose: whyNotHome ?? restore([{name: 'homedir', parts: null, backup: null}], 'the whole home'),
		},
		{
			value: 'all',
			label: 'Restore everything',
			remark: `${countOf(choices.length, 'item')}; options and a preview come first`,
			choose: whyNotAny ?? restore(choices, itemsWords(ticks)),
		},
		{
			value: 'items',
			label: 'Choose items and parts',
			remark: 'tick what is to come back; each from its own date',
			choose: whyNotAny ?? (() => {
				enter({screen: 'items', backup});
			}),
		},
		{
			value: 'pack',
			label: 'Pack a download',
			remark: 'all of it in one .tar.gz; single parts: p there',
			choose: whyNotAny ?? pack({backup, items: choices, selection: everything}),
		},
	]);

	const keys = useKeys('backup', menu.handlers);

	const facts = backupFacts(backup);
	const rows = itemRows(backup);
	const margin = facts.length + rows.length + menu.items.length + linesBetween <= height ? 1 : 0;

	return (
		<Screen info={[muted(` backup of ${showName(backup.account)}, ${showAge(backup.createdAt, now())}`)]} keys={keys}>
			<Lines lines={facts} width={width}/>
			<Box marginBottom={margin} marginLeft={2} marginTop={margin}><ReportTable columns={itemColumns} rows={rows} width={width - 4}/></Box>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

/** The heading of the table and a line on each side of it. */
const linesBetween = 3;

const itemRows = ({items}: BackupView): ReadonlyArray<readonly string[]> => items.filter(({status}) => status !== 'absent' && status !== 'skipped').map(({name, status, fileCount, sizeBytes, error}) => [
	itemWords[name],
	status,
	// What was written down about an account is in no files of its own.
	fileCount === 0 && name !== 'homedir' ? glyph('none') : formatCount(fileCount),
	formatBytes(sizeBytes),
	error === null ? glyph('none') : showSentence(error),
]);
