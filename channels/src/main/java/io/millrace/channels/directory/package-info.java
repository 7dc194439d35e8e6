/** The channels of an engine: what they are, what becomes of them, and the operations on them. */
package io.millrace.channels.directory;
