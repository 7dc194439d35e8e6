package io.millrace.benchmarks;

/** One question about speed or size, with the baseline that gives its answer a meaning. */
interface Benchmark {

  /** How it is called on the command line. */
  String name();

  /** What is measured and against what, in a sentence or two. */
  String about();

  /** Measures, and adds what came out to the section of the report. */
  void run(Lab lab, Section section) throws Exception;
}
