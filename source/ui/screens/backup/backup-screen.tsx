import {Box} from 'ink';
import type {BackupView} from '../../../domain/backup-view.ts';
import {nothingTicked, toggleTicked} from '../../../domain/selection-tree.ts';
import {formatBytes, formatCount} from '../../../domain/units.ts';
import {emptyBasket} from '../../basket.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {ReportTable, type ReportColumn} from '../../components/report-table.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {glyph} from '../../look/appearance.ts';
import {showName, showSentence} from '../../look/name.ts';
import {muted} from '../../look/span.ts';
import {showAge} from '../../look/time.ts';
import {useSession} from '../../session.ts';
import {itemWords} from '../backups/backups-list.ts';
import {backupFacts} from './backup-facts.ts';

const itemColumns: readonly ReportColumn[] = [
	{title: 'ITEM'}, {title: 'STATUS'}, {title: 'FILES', alignment: 'right'}, {title: 'SIZE', alignment: 'right'}, {title: 'PROBLEM'},
];

/** One backup: what it holds, and what can be done with it. */
export function BackupScreen({backup}: {readonly backup: BackupView}) {
	const {now, baskets} = useSession();
	const {enter} = useInterface();
	const {width} = useBodySize();
	const whyNot = whyNotRestore(backup);
	const whyNotFiles = whyNot ?? whyNotChoose(backup);

	const menu = useMenu([
		{
			value: 'files',
			label: 'Choose files and folders',
			remark: 'tick what is to come back; look inside',
			choose: whyNotFiles ?? (() => {
				enter({screen: 'files', backup});
			}),
		},
		{
			value: 'all',
			label: 'Restore the whole home',
			remark: 'options and a preview come first',
			choose: whyNot ?? (() => {
				baskets.set(backup.id, {...emptyBasket, tree: toggleTicked(nothingTicked, '')});
				enter({screen: 'options', backup});
			}),
		},
	]);

	const keys = useKeys('backup', menu.handlers);

	return (
		<Screen info={[muted(` backup of ${showName(backup.account)}, ${showAge(backup.createdAt, now())}`)]} keys={keys}>
			<Lines lines={[[], ...backupFacts(backup)]} width={width}/>
			<Box marginBottom={1} marginLeft={2} marginTop={1}><ReportTable columns={itemColumns} rows={itemRows(backup)} width={width - 4}/></Box>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

const whyNotRestore = ({items}: BackupView): string | undefined => {
	const home = items.find(({name}) => name === 'homedir');

	return home === undefined || ['failed', 'absent', 'skipped'].includes(home.status) ? 'This backup holds no home directory.' : undefined;
};

const whyNotChoose = ({structure}: BackupView): string | undefined =>
	structure === 'incremental' ? undefined : `${structure}: it comes back as a whole`;

const itemRows = ({items}: BackupView): ReadonlyArray<readonly string[]> => items.map(({name, status, fileCount, sizeBytes, error}) => [
	itemWords[name],
	status,
	formatCount(fileCount),
	formatBytes(sizeBytes),
	error === null ? glyph('none') : showSentence(error),
]);
