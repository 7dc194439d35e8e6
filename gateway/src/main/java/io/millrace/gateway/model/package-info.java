/** The description of the API as data: operations, shapes and their constraints. */
package io.millrace.gateway.model;
