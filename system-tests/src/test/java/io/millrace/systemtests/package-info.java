/** Engines whose processes, disks and databases are taken away, and what is left afterwards. */
package io.millrace.systemtests;
