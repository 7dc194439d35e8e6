/**
 * What must be public because libraries create it by name: the data source for the connection pools
 * and the file system for H2. Not for use; may change at any time.
 */
package io.millrace.persistence.internal;
