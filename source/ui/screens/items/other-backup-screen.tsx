import type {BackupView} from '../../../domain/backup-view.ts';
import type {ItemName} from '../../../domain/item.ts';
import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {
	itemIn,
	nothingChosen,
	reduceItemTicks,
	whyNotItem,
} from '../../item-ticks.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {useList} from '../../list/use-list.ts';
import {useSession} from '../../session.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {backupDetails} from '../backup/backup-facts.ts';
import {backupColumns, backupsList, itemWords} from '../backups/backups-list.ts';

/** The backups of an account that one of the items to restore can come from. */
export function OtherBackupScreen({backup, item}: {readonly backup: BackupView; readonly item: ItemName}) {
	const {data, now, itemTicks} = useSession();
	const {leave} = useInterface();
	const {height} = useBodySize();

	const {value, error} = useLoaded('backups', async () => {
		const backups = await data.listBackups(backup.accountUuid);

		return backups.filter(each => whyNotItem(each, item) === undefined);
	});

	const list = useList({description: backupsList, items: value, height: height - headingHeight});
	const {focused} = list;
	const details = useDetails({about: focused?.id, lines: paneWidth => focused === undefined ? [] : backupDetails(focused, paneWidth)});

	const keys = useKeys('other backup', {
		...list.handlers,
		...details.handlers,
		choose: focused === undefined
			? whyNothing(value, 'backup')
			: () => {
				itemTicks.set(backup.id, reduceItemTicks(itemTicks.get(backup.id) ?? nothingChosen, {type: 'sourceChosen', item, source: focused.id === backup.id ? undefined : focused}));
				leave();
			},
	});

	return (
		<Screen info={<ListInfo description={backupsList} dispatch={list.dispatch} remark={`holding ${itemWords[item].toLowerCase()}`} state={list.state}/>} keys={keys}>
			<Panes pane={details.pane}>
				<ListBody
					columns={backupColumns(now(), each => itemIn(each, item)?.sizeBytes ?? 0)}
					description={backupsList}
					emptyText='No backup of this account holds this item.'
					error={error}
					state={list.state}
					waitingFor={value === undefined ? 'Reading the backups' : undefined}
					width={details.listWidth}
				/>
			</Panes>
		</Screen>
	);
}
