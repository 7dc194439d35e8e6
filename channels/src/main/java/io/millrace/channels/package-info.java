/**
 * Channels: managed delivery of streams to objects in buckets, which are directories here. {@link
 * io.millrace.channels.Channels} is the way in.
 */
package io.millrace.channels;
