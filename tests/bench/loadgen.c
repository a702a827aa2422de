/* loadgen WORK: puts load on a POP3 server and prints what it cost as one line. */
/* SPDX-License-Identifier: MIT */

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "crew.h"
#include "load-error.h"
#include "process-tree.h"

#define DESCRIPTORS_SPARE 32

typedef struct {
    char *host;
    int port;
    int pid;
    int users, concurrency, threads, message, pipeline;
    gint64 operations;
    double seconds;
    gint64 seed;
    Plan plan;
    const Work *work;
} Options;

typedef struct {
    guint64 started; /* by latency_now() */
    guint64 server_cpu;
    guint64 own_cpu;
    guint64 pss;
} Sample;

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, LOAD_ERROR, LOAD_ERROR_USAGE, what);
    return FALSE;
}

static char *
describe_works(void)
{
    GString *text = g_string_new("Works:\n");

    for (const Work *work = work_get_all(); work->name != NULL; work++)
        g_string_append_printf(text, "  %-10s %s\n", work->name, work->summary);
    g_string_append(text,
                    "\nWorks that hold print \"holding N\" and go on at a line or the end of "
                    "their input,\nor after --seconds if that is given.\n");
    return g_string_free(text, FALSE);
}

static gboolean
parse_options(Options *options, int *argc, char ***argv, GError **error)
{
    Plan *plan = &options->plan;
    const GOptionEntry entries[] = {
        {"host", 0, 0, G_OPTION_ARG_STRING, &options->host, "server (127.0.0.1)", "HOST"},
        {"port", 0, 0, G_OPTION_ARG_INT, &options->port, "its port (110)", "PORT"},
        {"pid", 0, 0, G_OPTION_ARG_INT, &options->pid, "root of its processes", "PID"},
        {"prefix", 0, 0, G_OPTION_ARG_STRING, &plan->prefix, "of user names (user)", "NAME"},
        {"users", 0, 0, G_OPTION_ARG_INT, &options->users, "NAME0 to NAMEn-1 (1)", "N"},
        {"password", 0, 0, G_OPTION_ARG_STRING, &plan->password, "of all (secret)", "TEXT"},
        {"concurrency", 0, 0, G_OPTION_ARG_INT, &options->concurrency, "clients (1)", "N"},
        {"threads", 0, 0, G_OPTION_ARG_INT, &options->threads, "to share them (1)", "N"},
        {"operations", 0, 0, G_OPTION_ARG_INT64, &options->operations, "how many", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options->seconds, "how long (5)", "S"},
        {"message", 0, 0, G_OPTION_ARG_INT, &options->message, "for retr (1)", "N"},
        {"pipeline", 0, 0, G_OPTION_ARG_INT, &options->pipeline, "sent at once (1)", "N"},
        {"stall", 0, 0, G_OPTION_ARG_DOUBLE, &plan->stall_seconds, "give up after (30)", "S"},
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "of the choice of messages", "N"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("WORK");
    g_autofree char *works = describe_works();

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, works);
    return g_option_context_parse(context, argc, argv, error);
}

static void
set_default(char **option, const char *value)
{
    if (*option == NULL)
        *option = g_strdup(value);
}

/* Not before the options are parsed, since GOption does not free what it replaces. */
static void
set_defaults(Options *options)
{
    set_default(&options->host, "127.0.0.1");
    set_default(&options->plan.prefix, "user");
    set_default(&options->plan.password, "secret");
}

static gboolean
check_options(const Options *options, GError **error)
{
    if (options->port < 1 || options->port > 65535)
        return fail(error, "--port is out of range");
    if (options->users < 1 || options->concurrency < 1 || options->message < 1 ||
        options->pipeline < 1 || options->operations < 0 || options->seconds < 0 ||
        options->plan.stall_seconds <= 0)
        return fail(error, "a number is out of range");
    if (options->threads < 1 || options->threads > options->concurrency)
        return fail(error, "--threads must be from 1 to the concurrency");
    if (options->work->logs_in && options->users < options->concurrency)
        return fail(error, "each client needs a user of its own: more --users");
    if (options->pipeline > 1 && work_reconnects(options->work))
        return fail(error, "this work cannot be pipelined");
    if (options->operations > 0 &&
        options->operations < (gint64)options->concurrency * options->pipeline)
        return fail(error, "fewer --operations than clients have to send at once");
    return TRUE;
}

static gboolean
resolve(const Options *options, Plan *plan, GError **error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    g_autofree char *port = g_strdup_printf("%d", options->port);
    struct addrinfo *found;
    int code = getaddrinfo(options->host, port, &hints, &found);

    if (code != 0) {
        g_set_error(error, LOAD_ERROR, LOAD_ERROR_NETWORK, "%s: %s", options->host,
                    gai_strerror(code));
        return FALSE;
    }
    memcpy(&plan->address, found->ai_addr, found->ai_addrlen);
    plan->address_length = found->ai_addrlen;
    freeaddrinfo(found);
    return TRUE;
}

static gboolean
make_plan(Options *options, GError **error)
{
    Plan *plan = &options->plan;

    if (!check_options(options, error) || !resolve(options, plan, error))
        return FALSE;
    plan->users = (guint)options->users;
    plan->concurrency = (guint)options->concurrency;
    plan->threads = (guint)options->threads;
    plan->message = (guint)options->message;
    plan->pipeline = (guint)options->pipeline;
    plan->operations = (guint64)options->operations;
    plan->seconds = options->seconds > 0 ? options->seconds : 5;
    plan->seed = (guint64)options->seed;
    return TRUE;
}

static gboolean
raise_descriptor_limit(const Plan *plan, GError **error)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return fail(error, "the limit of descriptors cannot be read");
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max != RLIM_INFINITY &&
        plan->concurrency + DESCRIPTORS_SPARE > limit.rlim_max)
        return fail(error, "more clients than descriptors (ulimit -Hn)");
    return TRUE;
}

static guint64
get_own_cpu(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (guint64)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           (guint64)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static gboolean
take_server_sample(const Options *options, Sample *sample, GError **error)
{
    return options->pid == 0 ||
           (process_tree_get_cpu(options->pid, &sample->server_cpu, error) &&
            process_tree_get_pss(options->pid, &sample->pss, error));
}

static void
take_own_sample(Sample *sample)
{
    sample->own_cpu = get_own_cpu();
    sample->started = latency_now();
}

static void
hold(const Options *options)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

    printf("holding %d\n", options->concurrency);
    fflush(stdout);
    poll(&input, 1, options->seconds > 0 ? (int)(options->seconds * 1000) : -1);
}

static void
print_held(const Options *options, const Sample *before, const Sample *after)
{
    gint64 grown = (gint64)(after->pss - before->pss);

    printf("work=%s held=%d", options->work->name, options->concurrency);
    if (options->pid > 0)
        printf(" pss_kib_before=%" G_GUINT64_FORMAT " pss_kib_after=%" G_GUINT64_FORMAT
               " pss_kib_each=%.2f",
               before->pss, after->pss, (double)grown / options->concurrency);
    printf("\n");
}

static void
print_loop(const Options *options, const Crew *crew, const Sample *before, const Sample *after)
{
    double seconds = (double)(after->started - before->started) / 1e9;
    double operations = (double)MAX(crew_get_operations(crew), 1);
    g_autofree Latency *latency = g_new0(Latency, 1);

    crew_get_latency(crew, latency);
    printf("work=%s operations=%" G_GUINT64_FORMAT " seconds=%.3f throughput=%.1f",
           options->work->name, crew_get_operations(crew), seconds, operations / seconds);
    printf(" p50_us=%.1f p99_us=%.1f bytes=%" G_GUINT64_FORMAT,
           latency_percentile(latency, 50) / 1e3, latency_percentile(latency, 99) / 1e3,
           crew_get_bytes(crew));
    printf(" own_cpu_us_each=%.3f", (double)(after->own_cpu - before->own_cpu) / operations);
    if (options->pid > 0)
        printf(" cpu_us=%" G_GUINT64_FORMAT " cpu_us_each=%.3f pss_kib=%" G_GUINT64_FORMAT,
               after->server_cpu - before->server_cpu,
               (double)(after->server_cpu - before->server_cpu) / operations, after->pss);
    printf("\n");
}

/* Reading /proc takes a while, which must not count as time of the loop. */
static gboolean
run_loop(const Options *options, Crew *crew, GError **error)
{
    Sample before = {0}, after = {0};

    if (!take_server_sample(options, &before, error))
        return FALSE;
    take_own_sample(&before);
    if (!crew_run(crew, PHASE_LOOP, error))
        return FALSE;
    take_own_sample(&after);
    if (!take_server_sample(options, &after, error) || !crew_run(crew, PHASE_CLOSE, error))
        return FALSE;

    print_loop(options, crew, &before, &after);
    return TRUE;
}

static gboolean
run_hold(const Options *options, Crew *crew, const Sample *before, GError **error)
{
    Sample after = {0};

    hold(options);
    if (!take_server_sample(options, &after, error) || !crew_run(crew, PHASE_CLOSE, error))
        return FALSE;

    print_held(options, before, &after);
    return TRUE;
}

/* The line is printed last, so that there is none for a load that failed. */
static gboolean
run(const Options *options, GError **error)
{
    g_autoptr(Crew) crew = crew_new(&options->plan, options->work, error);
    Sample before = {0};

    if (crew == NULL || !take_server_sample(options, &before, error) ||
        !crew_run(crew, PHASE_OPEN, error))
        return FALSE;
    return work_holds(options->work) ? run_hold(options, crew, &before, error)
                                     : run_loop(options, crew, error);
}

static gboolean
load(Options *options, int argc, char **argv, GError **error)
{
    if (!parse_options(options, &argc, &argv, error))
        return FALSE;
    set_defaults(options);
    options->work = argc == 2 ? work_find(argv[1]) : NULL;
    if (options->work == NULL)
        return fail(error, "name one of the works that --help lists");
    return make_plan(options, error) && raise_descriptor_limit(&options->plan, error) &&
           run(options, error);
}

int
main(int argc, char **argv)
{
    Options options = {
        .port = 110,
        .users = 1,
        .concurrency = 1,
        .threads = 1,
        .message = 1,
        .pipeline = 1,
        .seed = 1,
        .plan = {.stall_seconds = 30},
    };
    g_autoptr(GError) error = NULL;
    gboolean ok = load(&options, argc, argv, &error);

    if (!ok)
        g_printerr("loadgen: %s\n", error->message);
    g_free(options.host);
    g_free(options.plan.prefix);
    g_free(options.plan.password);
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
