import test from 'ava';
import {isWithQuotas, readMountPoints} from '../../source/system/mounts.ts';

const mountinfo = [
	'22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro',
	'23 22 8:2 / /home rw,relatime shared:2 - ext4 /dev/sda2 rw,quota,usrquota,grpquota',
	String.raw`24 23 8:3 / /home/of\040all rw - xfs /dev/sda3 rw,attr2,inode64,noquota`,
	'25 22 8:4 / /srv rw - xfs /dev/sda4 rw,attr2,usrquota,prjquota',
	'26 25 0:5 / /srv rw - tmpfs tmpfs rw,size=10k',
	'',
].join('\n');

test('quotas are those of the file system that a path is on', t => {
	const paths = ['/', '/root', '/home', '/home/alice', '/homes/alice', '/home/of all/bob', '/srv/alice'];
	t.deepEqual(paths.filter(path => isWithQuotas(path, mountinfo)), ['/home', '/home/alice']);
	t.false(isWithQuotas('/home/alice', ''));
});

test('what is mounted here is known', t => {
	t.true(readMountPoints().has('/proc'));
});
