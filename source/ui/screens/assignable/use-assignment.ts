import type {Assignable} from '../../../actions/assign-accounts.ts';
import {quoteArgument} from '../../../domain/quote-argument.ts';
import {toText} from '../../../domain/raw-name.ts';
import {countOf, formatBytes} from '../../../domain/units.ts';
import {useInterface} from '../../interface.ts';
import {showName} from '../../look/name.ts';
import {muted, plain, type Line} from '../../look/span.ts';
import {useSession} from '../../session.ts';

export type Assignment = {readonly orphan: Assignable['orphan']; readonly account: Pick<Assignable['account'], 'uuid' | 'name'>};

/** Gives backups of removed accounts to live ones, after a question about exactly these. */
export const useAssignment = (): ((chosen: readonly Assignment[], remarks?: readonly Line[]) => Promise<void>) => {
	const {data, asked} = useSession();
	const {confirm, notify} = useInterface();

	return async (chosen, remarks = []) => {
		const isAgreed = await confirm({
			title: `Give backups of ${countOf(chosen.length, 'removed account')} to the live ${takersOf(chosen)}`,
			lines: [
				...chosen.map(assignment => describe(assignment)),
				...remarks,
				[muted('Whoever an account belongs to now sees what the former one had.')],
			],
			act: 'assign them',
			command: chosen.map(({orphan, account}) => `holdfast account assign ${orphan.uuid} ${quoteArgument(toText(account.name))}`).join(' && '),
		});

		if (!isAgreed) {
			return;
		}

		for (const {orphan, account} of chosen) {
			const {id} = await data.assignAccount(orphan.uuid, account.uuid);
			asked.add(id);
		}

		notify({text: `${countOf(chosen.length, 'assignment')} queued.`, tone: 'good'});
	};
};

/** Only one can be given to an account of another name. */
const takersOf = ([first, ...others]: readonly Assignment[]): string => others.length === 0 ? `account ${showName(first!.account.name)}` : 'accounts of their names';

const describe = ({orphan, account}: Assignment): Line => [
	plain(showName(account.name)),
	muted(`  takes ${countOf(orphan.backupCount, 'backup')}, ${formatBytes(orphan.sizeBytes)}, of ${orphan.name === account.name ? '' : `${showName(orphan.name)} `}${orphan.uuid.slice(0, 8)}`),
];
