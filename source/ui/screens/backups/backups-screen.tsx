import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {useList} from '../../list/use-list.ts';
import {showName} from '../../look/name.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useBackUp} from '../../tasks/use-back-up.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {backupDetails} from '../backup/backup-facts.ts';
import {useLock} from './use-lock.ts';
import {backupColumns, backupsList, explainLetters} from './backups-list.ts';

/** The backups of an account, the newest first. */
export function BackupsScreen({account, isGone = false}: {readonly account: AccountReference; readonly isGone?: boolean | undefined}) {
	const {data, now} = useSession();
	const {enter} = useInterface();
	const {height} = useBodySize();
	const {value, error} = useLoaded('backups', async () => data.listBackups(account.uuid));
	const list = useList({description: backupsList, items: value, height: height - headingHeight});
	const {focused, chosen} = list;

	const backUp = useBackUp()([account]);
	const details = useDetails({about: focused?.id, lines: paneWidth => focused === undefined ? [] : backupDetails(focused, paneWidth)});

	const keys = useKeys('backups', {
		...list.handlers,
		...details.handlers,
		open: focused === undefined
			? whyNothing(value, 'backup')
			: () => {
				enter({screen: 'backup', backup: focused});
			},
		backUp: isGone ? `${showName(account.name)} was removed: there is nothing to back up.` : backUp,
		lock: useLock(chosen),
	});

	return (
		<Screen
			info={<ListInfo description={backupsList} dispatch={list.dispatch} remark={explainLetters(value ?? [])} state={list.state}/>}
			keys={keys}
		>
			<Panes pane={details.pane}>
				<ListBody
					columns={backupColumns(now())}
					description={backupsList}
					emptyText={isGone ? 'There is no backup of this account any more.' : 'There is no backup of this account yet; b makes one now.'}
					error={error}
					state={list.state}
					waitingFor={value === undefined ? 'Reading the backups' : undefined}
					width={details.listWidth}
				/>
			</Panes>
		</Screen>
	);
}
