/* Runs the kernel's selftests and counts: `PROGRAM EXPECTED [NAME=VALUE...]`. Succeeds if exactly as many tests were executed as
 * expected, none failed and nothing was printed as an error. Module parameters are given as to modprobe: st_filter=dma_resv.
 * Exit code 75 (EX_TEMPFAIL): nothing failed but the guess that is described at is_second_refusal(); run it again. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sysexits.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int executions, errors, second_refusals;

static bool is_execution(const char *line) {
  /* The tests of ww mutexes say nothing of each; this comes when all have passed. */
  if (strcmp(line, "All ww mutex selftests passed\n") == 0)
    return true;
  static const char running[] = "Running ";
  const char *name = strstr(line, running);
  if (!name)
    return false;
  name += sizeof running - 1;
  /* A suite's name alone is no test; the first suite of dma-buf is one test without subtests. */
  return strchr(name, '/') || strcmp(name, "sanitycheck\n") == 0;
}

/* The test of cycles backs off once: it gives back a, waits for b, locks a again and takes a refusal of that for an unresolved
 * deadlock. But whoever was given a in between may be older and hold it still, and wait-die refuses then; a user has to back off again, as
 * ACycleOfManyIsResolved of resv/ww_mutex.cpp does. Whether it happens depends on who wakes up first, so it says nothing of the mutex. */
static bool is_second_refusal(const char *line) {
  int error;
  return sscanf(line, "cyclic deadlock not resolved, ret[%*d/%*d] = %d", &error) == 1 && error == -EDEADLK;
}

void harness_print(int level, const char *format, ...) {
  char line[512];
  va_list values;
  va_start(values, format);
  vsnprintf(line, sizeof line, format, values);
  va_end(values);
  pthread_mutex_lock(&mutex);
  if (level == harness_error)
    ++*(is_second_refusal(line) ? &second_refusals : &errors);
  executions += level == harness_info && is_execution(line);
  if (level != harness_debug)
    fputs(line, level == harness_error ? stderr : stdout);
  pthread_mutex_unlock(&mutex);
}

static struct {
  const char *name, *type;
  void *variable;
} parameters[16];
static size_t number_of_parameters;

void harness_parameter(const char *name, const char *type, void *variable) {
  if (number_of_parameters == ARRAY_SIZE(parameters))
    abort();
  parameters[number_of_parameters].name = name;
  parameters[number_of_parameters].type = type;
  parameters[number_of_parameters++].variable = variable;
}

static bool set_parameter(const char *name, size_t length, char *value) {
  for (size_t i = 0; i < number_of_parameters; ++i) {
    if (strlen(parameters[i].name) != length || strncmp(parameters[i].name, name, length) != 0)
      continue;
    if (strcmp(parameters[i].type, "bool") == 0)
      *(bool *)parameters[i].variable = *value == '1' || *value == 'y';
    else
      *(char **)parameters[i].variable = value;
    return true;
  }
  return false;
}

static pthread_mutex_t random_mutex = PTHREAD_MUTEX_INITIALIZER;
static u64 random_state = 0x9e3779b97f4a7c15u;
u32 get_random_u32_below(u32 ceiling) {
  pthread_mutex_lock(&random_mutex);
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  u32 drawn = (u32)((random_state >> 32) * ceiling >> 32);
  pthread_mutex_unlock(&random_mutex);
  return drawn;
}
u32 get_random_u32_inclusive(u32 floor, u32 ceiling) { return floor + get_random_u32_below(ceiling - floor + 1); }

int main(int argc, char **argv) {
  if (argc < 2)
    return 2;
  for (int i = 2; i < argc; ++i) {
    char *equals = strchr(argv[i], '=');
    if (!equals || !set_parameter(argv[i], (size_t)(equals - argv[i]), equals + 1)) {
      fprintf(stderr, "%s: no parameter '%s'\n", argv[0], argv[i]);
      return 2;
    }
  }
  int result = harness_init();
  fence_rcu_barrier();
  int expected = atoi(argv[1]);
  printf("kernel selftests: %d executions of %d expected, %d errors, result %d\n", executions, expected, errors,
         result);
  if (errors == 0 && second_refusals != 0)
    return EX_TEMPFAIL;
  return result == 0 && errors == 0 && executions == expected ? 0 : 1;
}
