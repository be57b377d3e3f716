import type {Route} from './navigation.ts';
import {AccountScreen} from './screens/account/account-screen.tsx';
import {AccountSettingsScreen} from './screens/account/account-settings-screen.tsx';
import {AccountsScreen} from './screens/accounts/accounts-screen.tsx';
import {AssignableScreen} from './screens/assignable/assignable-screen.tsx';
import {AuditScreen} from './screens/audit/audit-screen.tsx';
import {BackupScreen} from './screens/backup/backup-screen.tsx';
import {BackupsScreen} from './screens/backups/backups-screen.tsx';
import {DownloadsScreen} from './screens/downloads/downloads-screen.tsx';
import {EncryptionScreen} from './screens/encryption/encryption-screen.tsx';
import {ExcludesScreen} from './screens/excludes/excludes-screen.tsx';
import {FilesScreen} from './screens/files/files-screen.tsx';
import {GroupsScreen} from './screens/groups/groups-screen.tsx';
import {HomeScreen} from './screens/home/home-screen.tsx';
import {ItemsScreen} from './screens/items/items-screen.tsx';
import {OtherBackupScreen} from './screens/items/other-backup-screen.tsx';
import {JobScreen} from './screens/job/job-screen.tsx';
import {JobsScreen} from './screens/jobs/jobs-screen.tsx';
import {OptionsScreen} from './screens/options/options-screen.tsx';
import {OrphansScreen} from './screens/orphans/orphans-screen.tsx';
import {PlanScreen} from './screens/plan/plan-screen.tsx';
import {QueueScreen} from './screens/queue/queue-screen.tsx';
import {RetentionScreen} from './screens/retention/retention-screen.tsx';
import {RollbackScreen} from './screens/rollback/rollback-screen.tsx';
import {RightsScreen} from './screens/rights/rights-screen.tsx';
import {SettingsScreen} from './screens/settings/settings-screen.tsx';
import {TagsScreen} from './screens/tags/tags-screen.tsx';
import {TaskScreen} from './screens/task/task-screen.tsx';
import {UsersScreen} from './screens/users/users-screen.tsx';
import {UserHomeScreen} from './screens/home/user-home-screen.tsx';
import {ViewerScreen} from './screens/viewer/viewer-screen.tsx';
import {useSession} from './session.ts';

/** The screen of a route. */
export function CurrentScreen({route}: {readonly route: Route}) {
	const {actor} = useSession();

	switch (route.screen) {
		case 'home': {
			return actor.role === 'user' ? <UserHomeScreen/> : <HomeScreen/>;
		}

		case 'accounts': {
			return <AccountsScreen filter={route.filter}/>;
		}

		case 'account': {
			return <AccountScreen account={route.account}/>;
		}

		case 'account settings': {
			return <AccountSettingsScreen accounts={route.accounts}/>;
		}

		case 'excludes': {
			return <ExcludesScreen account={route.account}/>;
		}

		case 'encryption': {
			return <EncryptionScreen account={route.account}/>;
		}

		case 'backups': {
			return <BackupsScreen account={route.account} isGone={route.isGone}/>;
		}

		case 'backup': {
			return <BackupScreen backup={route.backup}/>;
		}

		case 'items': {
			return <ItemsScreen backup={route.backup}/>;
		}

		case 'other backup': {
			return <OtherBackupScreen backup={route.backup} item={route.item}/>;
		}

		case 'files': {
			return <FilesScreen backup={route.backup} isForItems={route.isForItems}/>;
		}

		case 'viewer': {
			return <ViewerScreen backup={route.backup} path={route.path}/>;
		}

		case 'options': {
			return <OptionsScreen backup={route.backup} chosen={route.chosen}/>;
		}

		case 'plan': {
			return <PlanScreen action={route.action} preview={route.preview}/>;
		}

		case 'queue': {
			return <QueueScreen/>;
		}

		case 'task': {
			return <TaskScreen id={route.task}/>;
		}

		case 'rollback': {
			return <RollbackScreen task={route.task}/>;
		}

		case 'orphans': {
			return <OrphansScreen/>;
		}

		case 'assignable': {
			return <AssignableScreen filter={route.filter}/>;
		}

		case 'downloads': {
			return <DownloadsScreen filter={route.filter}/>;
		}

		case 'jobs': {
			return <JobsScreen/>;
		}

		case 'job': {
			return <JobScreen job={route.job}/>;
		}

		case 'tags': {
			return <TagsScreen/>;
		}

		case 'groups': {
			return <GroupsScreen/>;
		}

		case 'settings': {
			return <SettingsScreen/>;
		}

		case 'users': {
			return <UsersScreen/>;
		}

		case 'rights': {
			return <RightsScreen user={route.user}/>;
		}

		case 'audit': {
			return <AuditScreen/>;
		}

		case 'retention': {
			return <RetentionScreen account={route.account}/>;
		}
	}
}
