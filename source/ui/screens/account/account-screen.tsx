import {Box} from 'ink';
import type {AccountView} from '../../../domain/account-view.ts';
import {whyNotPermitted} from '../../../domain/permissions.ts';
import {countOf} from '../../../domain/units.ts';
import {Lines} from '../../components/lines.tsx';
import {Menu} from '../../components/menu.tsx';
import {ReportTable} from '../../components/report-table.tsx';
import {Screen} from '../../components/screen.tsx';
import {useBodySize} from '../../components/size.ts';
import {useMenu, type Choice} from '../../components/use-menu.ts';
import {useInterface} from '../../interface.ts';
import type {Handler} from '../../keys/focus-stack.ts';
import {useKeys} from '../../keys/use-keys.ts';
import {showName} from '../../look/name.ts';
import {muted, type Line} from '../../look/span.ts';
import {whyNotOpen} from '../../may-open.ts';
import {showAge} from '../../look/time.ts';
import type {AccountReference} from '../../navigation.ts';
import {useSession} from '../../session.ts';
import {useBackUp} from '../../tasks/use-back-up.ts';
import {useLoaded} from '../../use-loaded.ts';
import {errorLines} from '../../use-act.ts';
import {factColumns, factRow, settingLines} from './account-facts.ts';
import {useAccountSettings} from './use-account-settings.ts';

/** One account: what it is, what was set for it, what can be done. */
export function AccountScreen({account: reference}: {readonly account: AccountReference}) {
	const {data, actor, now} = useSession();
	const {enter} = useInterface();
	const {width, height} = useBodySize();
	const {value: account, error} = useLoaded('account', async () => data.showAccount(reference.uuid));
	const queueBackUp = useBackUp()([reference]);
	const backUp = account?.maxOnDemand === 0 && !account.isLimited ? 'Backups on demand are not allowed for it.' : queueBackUp;
	const settings = useAccountSettings(account === undefined ? [] : [account]);

	const whyNotSet = whyNotPermitted(actor.role, 'setAccount');

	const openExcludes: Handler = whyNotPermitted(actor.role, 'measureAccount') ?? (() => {
		enter({screen: 'excludes', account: reference});
	});

	const choices: readonly Choice[] = [
		{
			value: 'backups',
			label: 'Restore from a backup',
			remark: backupsRemark(account, now()),
			choose() {
				enter({screen: 'backups', account: reference});
			},
		},
		{
			value: 'backUp', label: 'Back up now', remark: 'on demand, beside the schedules', choose: backUp,
		},
		{
			value: 'email', label: 'Email', remark: 'where its owner is told about its backups', choose: settings.email,
		},
		{
			value: 'excludes', label: 'Excludes', remark: 'what is left out of its backups', choose: openExcludes,
		},
		{
			value: 'encryption',
			label: 'Encryption',
			remark: account === undefined ? '' : `preference ${account.encryption.preference}, key ${account.encryption.key}`,
			choose: whyNotPermitted(actor.role, 'showEncryption') ?? (() => {
				enter({screen: 'encryption', account: reference});
			}),
		},
		{
			value: 'settings',
			label: 'Other settings',
			remark: 'tags, priority, on demand, owner, domains ...',
			choose: whyNotSet ?? (() => {
				enter({screen: 'account settings', accounts: [reference]});
			}),
		},
		{
			value: 'downloads',
			label: 'Downloads',
			remark: 'packages made of its backups',
			choose: whyNotOpen(actor, 'downloads') ?? (() => {
				enter({screen: 'downloads', filter: showName(reference.name)});
			}),
		},
		{
			value: 'assignable',
			label: 'Assignable backups',
			remark: 'of a removed account that had its name',
			choose: whyNotOpen(actor, 'assignable') ?? (() => {
				enter({screen: 'assignable', filter: showName(reference.name)});
			}),
		},
	];

	// A USER has nothing to set: what cannot be done here is not shown.
	const menu = useMenu(actor.role === 'user' ? choices.slice(0, 1) : choices);
	const keys = useKeys('account', {
		...menu.handlers, backUp, email: settings.email, excludes: openExcludes, tags: settings.tags, priority: settings.priority,
	});

	return (
		<Screen info={[muted(account === undefined ? ` ${showName(reference.name)}` : ` home ${showName(account.home)}`)]} keys={keys}>
			{account === undefined
				? <Lines lines={[[], ...(error === undefined ? [[muted('   Reading the account ...')]] : errorLines(error))]} width={width}/>
				: (
					<>
						<Box marginLeft={2} marginTop={1}><ReportTable columns={factColumns} rows={[factRow(account, now())]} width={width - 4}/></Box>
						<Lines lines={[[], ...(account.isLimited ? [] : fitSettings(settingLines(account), height - tableHeight - menu.items.length)), []]} width={width}/>
					</>
				)}
			<Menu index={menu.index} items={menu.items} width={width}/>
		</Screen>
	);
}

/** Of the facts: an empty line, the heading and the row; and an empty line before and after the settings. */
const tableHeight = 5;

/** The menu stays in sight, however much was set. */
const fitSettings = (lines: readonly Line[], room: number): readonly Line[] => lines.length <= room
	? lines
	: [...lines.slice(0, Math.max(0, room - 1)), [muted(`   and ${countOf(lines.length - room + 1, 'more setting')}: see the other settings`)]];

const backupsRemark = (account: AccountView | undefined, now: Date): string => {
	if (account === undefined) {
		return '';
	}

	return account.backupCount === 0 ? 'there is none yet' : `${countOf(account.backupCount, 'backup')}, the newest ${showAge(account.lastBackupAt, now)}`;
};
