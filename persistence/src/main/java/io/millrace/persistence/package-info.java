/** The JDBC journal: settings, schema, data source, pages and trimming over H2 and PostgreSQL. */
package io.millrace.persistence;
