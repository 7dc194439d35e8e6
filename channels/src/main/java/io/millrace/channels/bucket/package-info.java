/** Directories that stand for buckets, and the keys of the objects in them. */
package io.millrace.channels.bucket;
