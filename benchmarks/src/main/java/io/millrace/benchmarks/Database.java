package io.millrace.benchmarks;

import java.io.IOException;

/** A database with one durability, ready for any number of places. */
interface Database extends AutoCloseable {

  /** Its name, release and how it makes commits durable. */
  String describe() throws Exception;

  Site freshSite() throws IOException;

  @Override
  void close() throws IOException;
}
