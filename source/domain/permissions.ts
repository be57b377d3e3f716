import type {Role} from './user.ts';

/** Who may, and whether it changes something: then it is in the audit log. */
export type Permission = {readonly roles: readonly Role[]; readonly isChanging: boolean};

const administratorsChange: Permission = {roles: ['administrator'], isChanging: true};
const administratorsSee: Permission = {roles: ['administrator'], isChanging: false};
const operatorsChange: Permission = {roles: ['administrator', 'operator'], isChanging: true};
const operatorsSee: Permission = {roles: ['administrator', 'operator'], isChanging: false};
const everybodySees: Permission = {roles: ['administrator', 'operator', 'user'], isChanging: false};
const everybodyChanges: Permission = {roles: ['administrator', 'operator', 'user'], isChanging: true};

/** The decision for each action. An action without one does not compile, and a test finds one that asks nobody. */
export const permissions = {
	adoptDestination: administratorsChange,
	assignAccount: administratorsChange,
	assignAllByName: administratorsChange,
	createCondition: administratorsChange,
	createGroup: administratorsChange,
	createJob: administratorsChange,
	createTag: administratorsChange,
	createUser: administratorsChange,
	deleteBackups: administratorsChange,
	deleteCondition: administratorsChange,
	deleteGroup: administratorsChange,
	deleteJob: administratorsChange,
	deleteOrphan: administratorsChange,
	deleteTag: administratorsChange,
	deleteUser: administratorsChange,
	duplicateJob: administratorsChange,
	initialize: administratorsChange,
	importBackup: administratorsChange,
	rebindAccounts: administratorsChange,
	replaceRecoveryKey: administratorsChange,
	resetKey: administratorsChange,
	scanDestination: administratorsChange,
	setAccount: administratorsChange,
	// That somebody saw it is written down.
	showRecoveryKey: administratorsChange,
	setAccounts: administratorsChange,
	setCondition: administratorsChange,
	setEncryption: administratorsChange,
	setGroup: administratorsChange,
	setJob: administratorsChange,
	setSetting: administratorsChange,
	setTag: administratorsChange,
	setUser: administratorsChange,
	setDefaultRight: administratorsChange,
	addRight: administratorsChange,
	flipRight: administratorsChange,
	removeRight: administratorsChange,
	saveRights: administratorsChange,
	listRightsPaths: administratorsSee,
	showRights: administratorsSee,
	explainRight: administratorsSee,
	startCleanup: administratorsChange,
	listUsers: administratorsSee,
	previewCleanup: administratorsSee,
	previewReset: administratorsSee,
	followAudit: administratorsSee,
	readAudit: administratorsSee,
	runDaemon: administratorsSee,
	clearTasks: operatorsChange,
	createBackups: operatorsChange,
	lockBackup: operatorsChange,
	runJob: operatorsChange,
	startVerify: operatorsChange,
	unlockBackup: operatorsChange,
	findArchive: operatorsSee,
	resolveDestination: operatorsSee,
	forecastUnlock: operatorsSee,
	getSetting: operatorsSee,
	listAssignable: operatorsSee,
	listDestinations: operatorsSee,
	listGroups: operatorsSee,
	listJobs: operatorsSee,
	listOrphans: operatorsSee,
	listSettings: operatorsSee,
	listTags: operatorsSee,
	measureAccount: operatorsSee,
	measureOrphans: operatorsSee,
	previewMembers: operatorsSee,
	previewRetention: operatorsSee,
	readStatus: operatorsSee,
	showDestination: operatorsSee,
	showEncryption: operatorsSee,
	showJob: operatorsSee,
	showOrphan: operatorsSee,
	runDoctor: operatorsSee,
	writeMetrics: operatorsSee,
	// A USER sees and restores by the rights: see `actions/limits.ts`.
	abortTask: everybodyChanges,
	abortTasks: everybodyChanges,
	retryTask: everybodyChanges,
	startRestore: everybodyChanges,
	startRollback: everybodyChanges,
	startDownload: everybodyChanges,
	saveDownload: everybodyChanges,
	streamDownload: everybodyChanges,
	deleteDownload: everybodyChanges,
	listDownloads: everybodySees,
	diffBackups: everybodySees,
	diffLive: everybodySees,
	findFiles: everybodySees,
	waitForTask: everybodySees,
	waitForTasks: everybodySees,
	listAccounts: everybodySees,
	listBackups: everybodySees,
	listFolder: everybodySees,
	listNeededKeys: everybodySees,
	listIntactBackups: everybodySees,
	listRecursive: everybodySees,
	listTasks: everybodySees,
	previewRestore: everybodySees,
	previewRollback: everybodySees,
	readStoredFile: everybodySees,
	selectFiles: everybodySees,
	showAccount: everybodySees,
	showBackup: everybodySees,
	showTask: everybodySees,
	showTasks: everybodySees,
	viewAccountsOf: everybodySees,
	watchTasks: everybodySees,
	listConditions: everybodySees,
	readServerName: everybodySees,
	changePassword: everybodyChanges,
} satisfies Readonly<Record<string, Permission>>;

export type ActionName = keyof typeof permissions;

/** Why a role may not do something, as a sentence; `undefined`: it may. */
export const whyNotPermitted = (role: Role, name: ActionName): string | undefined => {
	const {roles} = permissions[name];

	if (roles.includes(role)) {
		return undefined;
	}

	return roles.includes('operator') ? 'This is for administrators and operators.' : 'This is for administrators.';
};
