/**
 * The storage in a database: journal, snapshots, pages and trimming over H2 and PostgreSQL. Start
 * at {@link io.millrace.persistence.JdbcStorageProvider}.
 *
 * <ul>
 *   <li>{@code JdbcStorageProvider}, {@code JdbcStorageSettings}: the way in
 *   <li>{@code JdbcStorage}: what is open; {@code PluginConfig}, {@code JdbcPages} and {@code
 *       JdbcTrimmer}: the three roads to the database
 *   <li>{@code GuardedConnection}, {@code ConnectionGuard}: what every commit passes
 *   <li>{@code H2Database}, {@code H2Opening}: a database in a file, and what happens when the file
 *       fails; {@code GroupSync}, {@code H2Channel}, {@code DurableRoots}, {@code VersionPins},
 *       {@code UnsyncedWrites}: how its commits survive power loss; {@code H2Housekeeping}: how it
 *       stays small; {@code DirectoryLock}: whose it is
 *   <li>{@code PostgresDatabase}, {@code PostgresServer}, {@code PostgresOwnership}: a schema on a
 *       server, and whose it is
 *   <li>{@code Schema}, {@code Dialect}: tables, and where the databases differ
 * </ul>
 */
package io.millrace.persistence;
