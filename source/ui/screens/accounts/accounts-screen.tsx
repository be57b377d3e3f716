import {countOf} from '../../../domain/units.ts';
import {Panes, useDetails} from '../../components/details-pane.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {headingHeight, ListBody} from '../../list/list-body.tsx';
import {ListInfo} from '../../list/list-info.tsx';
import {useList} from '../../list/use-list.ts';
import {showSentence} from '../../look/name.ts';
import {useSession} from '../../session.ts';
import {useBackUp} from '../../tasks/use-back-up.ts';
import {useLoaded, whyNothing} from '../../use-loaded.ts';
import {useReadingProgress} from '../../use-reading-progress.ts';
import {useAccountSettings} from '../account/use-account-settings.ts';
import {accountDetails} from '../account/account-facts.ts';
import {accountColumns, accountsList} from './accounts-list.ts';

/** All accounts: find one, open it, or back up several. */
export function AccountsScreen({filter}: {readonly filter?: string | undefined}) {
	const {data, actor, now} = useSession();
	const {enter} = useInterface();
	const {height} = useBodySize();
	const progress = useReadingProgress('Reading the accounts');
	const {value, error} = useLoaded('accounts', async () => data.listAccounts({onProgress: progress.begin()}));
	const list = useList({
		description: accountsList, items: value?.accounts, height: height - headingHeight, filter,
	});
	const {focused, chosen} = list;
	const whyNotBackUp = useBackUp();
	const {tags, priority, onDemand} = useAccountSettings(chosen);
	const {value: allTags} = useLoaded('tags', async () => actor.role === 'user' ? [] : data.listTags());

	const details = useDetails({about: focused?.uuid, lines: paneWidth => focused === undefined ? [] : accountDetails(focused, {now: now(), width: paneWidth})});

	const keys = useKeys('accounts', {
		...list.handlers,
		...details.handlers,
		open: focused === undefined
			? whyNothing(value, 'account')
			: () => {
				enter({screen: 'account', account: focused});
			},
		backUp: whyNotBackUp(chosen),
		tags,
		priority,
		onDemand,
		settings: chosen.length === 0
			? whyNothing(value, 'account')
			: () => {
				enter({screen: 'account settings', accounts: chosen});
			},
	});

	return (
		<Screen
			info={<ListInfo description={accountsList} dispatch={list.dispatch} remark={remark(value)} state={list.state}/>}
			keys={keys}
		>
			<Panes pane={details.pane}>
				<ListBody
					columns={accountColumns(now(), allTags ?? [])}
					description={accountsList}
					emptyText='There are no accounts on this server: none with a user id and a group id from 1000 on.'
					error={error}
					state={list.state}
					waitingFor={value === undefined ? progress.words : undefined}
					width={details.listWidth}
				/>
			</Panes>
		</Screen>
	);
}

/** A broken source is told before anything else. */
const remark = (value: {readonly hiddenCount: number; readonly problem: string | null} | undefined): string => {
	if (value === undefined) {
		return '';
	}

	return value.problem === null ? `${countOf(value.hiddenCount, 'system account')} hidden` : showSentence(value.problem);
};
