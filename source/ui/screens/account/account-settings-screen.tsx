import type {AccountView} from '../../../domain/account-view.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu, type Choice} from '../../components/use-menu.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {showName} from '../../look/name.ts';
import {muted} from '../../look/span.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {errorLines} from '../../use-act.ts';
import {useLoaded} from '../../use-loaded.ts';
import {useAccountSettings} from './use-account-settings.ts';

/** What was set for an account, a row each; Enter changes it. */
export function AccountSettingsScreen({account: reference}: {readonly account: AccountReference}) {
	const {data} = useSession();
	const {width} = useBodySize();
	const {value: account, error} = useLoaded('account', async () => data.showAccount(reference.uuid));
	const settings = useAccountSettings(account === undefined ? [] : [account]);
	const rows = account === undefined ? [] : valuesOf(account);
	const choices = rows.map(([value, label, remark]): Choice => ({
		value, label, remark, choose: settings[value],
	}));
	const menu = useMenu(choices);
	const keys = useKeys('account settings', menu.handlers);

	return (
		<Screen info={[muted(` ${showName(reference.name)}`)]} keys={keys}>
			<Lines lines={[[], ...(account === undefined && error !== undefined ? errorLines(error) : [])]} width={width}/>
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

type Row = readonly [value: keyof ReturnType<typeof useAccountSettings>, label: string, remark: string];

const valuesOf = (account: AccountView): readonly Row[] => [
	['tags', 'Tags', listOf(account.tags)],
	['priority', 'Priority group', account.priorityGroup ?? 'by its tags, else the default group'],
	['onDemand', 'Backups on demand', onDemandWords(account)],
	['owner', 'Owner', account.owner === null ? 'none' : showName(account.owner)],
	['domains', 'Domains', listOf(account.domains)],
	['databases', 'Databases', listOf(account.databases)],
	['mailboxes', 'Mailboxes', listOf(account.mailboxes)],
];

const listOf = (values: readonly string[]): string => values.length === 0 ? 'none' : values.join('  ');

const onDemandWords = ({maxOnDemand}: AccountView): string => {
	if (maxOnDemand === 'global') {
		return 'as the setting onDemand.retain says';
	}

	return maxOnDemand === 0 ? 'not allowed' : `at most ${maxOnDemand}`;
};
