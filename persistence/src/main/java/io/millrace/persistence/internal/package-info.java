/**
 * What must be public because libraries create it by name: the data source for the connection
 * pools, the file system and the functions for H2, the DAO for the journal. Not for use; may change
 * at any time.
 */
package io.millrace.persistence.internal;
