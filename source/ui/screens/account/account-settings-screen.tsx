import type {AccountView} from '../../../domain/account-view.ts';
import {countOf} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu, type Choice} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {showName} from '../../look/name.ts';
import {muted} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useAccountSettings} from './use-account-settings.ts';

/** What was set for an account, or for many that were marked, a row each; Enter changes it. */
export function AccountSettingsScreen({accounts: references}: {readonly accounts: readonly AccountReference[]}) {
	const {data} = useSession();
	const {enter} = useInterface();
	const {width} = useBodySize();
	const [first, ...others] = references;

	const {value: accounts = [], error} = useLoaded('accounts', async () => {
		if (first !== undefined && others.length === 0) {
			return [await data.showAccount(first.uuid)];
		}

		const wanted = new Set(references.map(({uuid}) => uuid));
		const known = await data.listAccounts();

		return known.accounts.filter(({uuid}) => wanted.has(uuid));
	});

	const settings = useAccountSettings(accounts);

	const choices = rows.map(([value, label, remarkOf]): Choice => ({
		value,
		label,
		remark: sharedRemark(accounts, remarkOf),
		// One account has a screen of its own for them.
		choose: value === 'excludes' && first !== undefined && others.length === 0
			? () => {
				enter({screen: 'excludes', account: first});
			}
			: settings[value],
	}));

	const menu = useMenu(choices);
	const keys = useKeys('account settings', menu.handlers);
	const names = references.map(({name}) => showName(name)).join(', ');

	return (
		<Screen info={[muted(others.length === 0 ? ` ${names}` : ` ${countOf(references.length, 'account')}: ${names}`)]} keys={keys}>
			<Lines lines={[[], ...(error !== undefined && accounts.length === 0 ? errorLines(error) : [])]} width={width}/>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

type Row = readonly [value: keyof ReturnType<typeof useAccountSettings>, label: string, remarkOf: (account: AccountView) => string];

/** What all of them have, or that they differ. */
const sharedRemark = (accounts: readonly AccountView[], remarkOf: Row[2]): string => {
	const remarks = new Set(accounts.map(account => remarkOf(account)));
	const [first = ''] = remarks;

	return remarks.size > 1 ? 'they differ' : first;
};

const listOf = (values: readonly string[]): string => values.length === 0 ? 'none' : values.join('  ');

const onDemandWords = ({maxOnDemand}: AccountView): string => {
	if (maxOnDemand === 'global') {
		return 'as the setting onDemand.retain says';
	}

	return maxOnDemand === 0 ? 'not allowed' : `at most ${maxOnDemand}`;
};

const rows: readonly Row[] = [
	['email', 'Email', ({email}) => email ?? 'none'],
	['excludes', 'Excludes', ({excludes}) => listOf(excludes)],
	['tags', 'Tags', ({tags}) => listOf(tags)],
	['priority', 'Priority group', ({priorityGroup}) => priorityGroup ?? 'by its tags, else the default group'],
	['onDemand', 'Backups on demand', onDemandWords],
	['owner', 'Owner', ({owner}) => owner === null ? 'none' : showName(owner)],
	['domains', 'Domains', ({domains}) => listOf(domains)],
	['databases', 'Databases', ({databases}) => listOf(databases)],
	['mailboxes', 'Mailboxes', ({mailboxes}) => listOf(mailboxes)],
];
