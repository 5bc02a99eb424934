// SPDX-License-Identifier: GPL-3.0-or-later
// The order of threads inside Qt, for the thread sanitizer. Debian's Qt is not built with it, so all that passes through an event
// loop, a thread pool or a lock for which a thread had to wait would look like a race. The linker leads our calls of the
// functions below here (--wrap, see cmake/flags.cmake), and what was done before a call is ordered before what it causes in
// another thread. Calls that Qt makes itself are not seen, and need no order. This file is compiled without the sanitizer. For
// Qt 6.4: later versions pass other arguments to the function of a QSlotObjectBase, and do not compile it.
#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QEvent>
#include <QMutex>
#include <QSemaphore>
#include <QThread>
#include <QThreadPool>
#include <QThreadStorage>

#include <cstring>
#include <functional>
#include <utility>

#include <cstdarg>
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

extern "C" {
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
}

/// Declares Qt's function as real##name and what is called in its place as wrap##name. Both may be taken for member functions,
/// whose addresses are even.
#define WRAPPED(result, name, symbol, ...)                                                                                       \
    result real##name(__VA_ARGS__) __asm__("__real_" symbol);                                                                    \
    [[gnu::aligned(16)]] result wrap##name(__VA_ARGS__) __asm__("__wrap_" symbol)

namespace pulsedeck {

namespace {

thread_local int ignored = 0; ///< How many signals this thread is emitting, one within the other.

void ignoreWrites()
{
    ++ignored;
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
}

void watchWrites()
{
    --ignored;
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
}

/// A slot that runs after what its sender, or whoever called it by invokeMethod(), had done.
class OrderedSlot : public QtPrivate::QSlotObjectBase
{
public:
    /// \a sender is null for invokeMethod().
    OrderedSlot(QSlotObjectBase *slot, const QObject *sender)
        : QSlotObjectBase(&OrderedSlot::run)
        , m_slot(slot)
        , m_after(sender ? const_cast<QObject *>(sender) : static_cast<void *>(this))
    { }

private:
    static void run(int which, QSlotObjectBase *base, QObject *receiver, void **arguments, bool *result)
    {
        auto *const self = static_cast<OrderedSlot *>(base);
        if (which == Call) {
            __tsan_acquire(self->m_after);
            const int around = ignored;
            while (ignored > 0)
                watchWrites();
            self->m_slot->call(receiver, arguments);
            while (ignored < around)
                ignoreWrites();
            __tsan_release(self); // Another thread may delete what this one has read.
        } else if (which == Compare) {
            *result = self->m_slot->compare(arguments);
        } else if (which == Destroy) {
            __tsan_acquire(self);
            self->m_slot->destroyIfLastRef();
            delete self;
        }
    }

    QSlotObjectBase *m_slot;
    void *m_after;
};

/// Called by Qt before an event is delivered: after it was posted, or its receiver was to be deleted.
bool beforeEvent(void **receiverAndEvent)
{
    __tsan_acquire(receiverAndEvent[1]);
    if (static_cast<QEvent *>(receiverAndEvent[1])->type() == QEvent::DeferredDelete)
        __tsan_acquire(receiverAndEvent[0]);
    return false;
}

[[maybe_unused]] const bool registered = QInternal::registerCallback(QInternal::EventNotifyCallback, beforeEvent);

thread_local bool startsOurs = false; ///< It is starting a thread that will run our code.

/// What pthread_create() was called with, for a thread in which only Qt's own code runs.
struct QtThread
{
    void *(*routine)(void *);
    void *argument;

    static void *run(void *data)
    {
        const QtThread thread = *static_cast<QtThread *>(data);
        delete static_cast<QtThread *>(data);
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
        void *const result = thread.routine(thread.argument);
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
        return result;
    }
};

/// Deleted by Qt as the last of a thread, after the objects that were to be deleted with it.
struct ThreadEnd
{
    QThread *thread;
    ~ThreadEnd() { __tsan_release(thread); }
};

QThreadStorage<ThreadEnd *> threadEnds;

} // namespace

// Signals, calls and events -------------------------------------------------------------------------------------------

WRAPPED(QMetaObject::Connection, Connect,
        "_ZN7QObject11connectImplEPKS_PPvS1_S3_PN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPKiPK11QMetaObject",
        const QObject *sender, void **signal, const QObject *receiver, void **slot, QtPrivate::QSlotObjectBase *object,
        Qt::ConnectionType type, const int *types, const QMetaObject *meta);
QMetaObject::Connection wrapConnect(const QObject *sender, void **signal, const QObject *receiver, void **slot,
                                    QtPrivate::QSlotObjectBase *object, Qt::ConnectionType type, const int *types,
                                    const QMetaObject *meta)
{
    return realConnect(sender, signal, receiver, slot, object ? new OrderedSlot(object, sender) : nullptr, type, types, meta);
}

WRAPPED(void, Activate, "_ZN11QMetaObject8activateEP7QObjectPKS_iPPv", QObject *sender, const QMetaObject *meta, int signal,
        void **arguments);
void wrapActivate(QObject *sender, const QMetaObject *meta, int signal, void **arguments)
{
    __tsan_release(sender);
    // For a slot of another thread Qt copies the arguments by our copy constructors: after the line above, but before it posts
    // the slot. Only the slots called at once are watched.
    ignoreWrites();
    realActivate(sender, meta, signal, arguments);
    watchWrites();
}

WRAPPED(bool, Invoke, "_ZN11QMetaObject16invokeMethodImplEP7QObjectPN9QtPrivate15QSlotObjectBaseEN2Qt14ConnectionTypeEPv",
        QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type, void *result);
bool wrapInvoke(QObject *object, QtPrivate::QSlotObjectBase *slot, Qt::ConnectionType type, void *result)
{
    auto *const ordered = new OrderedSlot(slot, nullptr);
    __tsan_release(ordered);
    return realInvoke(object, ordered, type, result);
}

WRAPPED(void, Post, "_ZN16QCoreApplication9postEventEP7QObjectP6QEventi", QObject *receiver, QEvent *event, int priority);
void wrapPost(QObject *receiver, QEvent *event, int priority)
{
    __tsan_release(event);
    realPost(receiver, event, priority);
}

WRAPPED(void, DeleteLater, "_ZN7QObject11deleteLaterEv", QObject *object);
void wrapDeleteLater(QObject *object)
{
    __tsan_release(object);
    realDeleteLater(object);
}

// Threads -------------------------------------------------------------------------------------------------------------

WRAPPED(void, Start, "_ZN7QThread5startENS_8PriorityE", QThread *thread, QThread::Priority priority);
void wrapStart(QThread *thread, QThread::Priority priority)
{
    QObject::connect(
        thread, &QThread::finished, thread, [thread] { threadEnds.setLocalData(new ThreadEnd{thread}); },
        Qt::ConnectionType(Qt::DirectConnection | Qt::SingleShotConnection));
    startsOurs = true;
    realStart(thread, priority);
    startsOurs = false;
}

WRAPPED(void, Quit, "_ZN7QThread4quitEv", QThread *thread);
void wrapQuit(QThread *thread)
{
    __tsan_release(thread); // To the slot of finished() above.
    realQuit(thread);
}

WRAPPED(bool, Wait, "_ZN7QThread4waitE14QDeadlineTimer", QThread *thread, QDeadlineTimer deadline);
bool wrapWait(QThread *thread, QDeadlineTimer deadline)
{
    const bool ended = realWait(thread, deadline);
    if (ended)
        __tsan_acquire(thread);
    return ended;
}

WRAPPED(void, PoolStart, "_ZN11QThreadPool5startESt8functionIFvvEEi", QThreadPool *pool, std::function<void()> work,
        int priority);
void wrapPoolStart(QThreadPool *pool, std::function<void()> work, int priority)
{
    std::function<void()> ordered = [pool, work = std::move(work)] {
        __tsan_acquire(pool);
        work();
        __tsan_release(pool);
    };
    __tsan_release(pool);
    startsOurs = true;
    realPoolStart(pool, std::move(ordered), priority);
    startsOurs = false;
}

WRAPPED(bool, PoolWait, "_ZN11QThreadPool11waitForDoneEi", QThreadPool *pool, int ms);
bool wrapPoolWait(QThreadPool *pool, int ms)
{
    const bool done = realPoolWait(pool, ms);
    if (done)
        __tsan_acquire(pool);
    return done;
}

// Locks. A mutex for which no thread waits is inline, and seen without this ---------------------------------------------

WRAPPED(void, Lock, "_ZN11QBasicMutex12lockInternalEv", QBasicMutex *mutex);
void wrapLock(QBasicMutex *mutex)
{
    realLock(mutex);
    __tsan_acquire(mutex);
}

WRAPPED(void, Unlock, "_ZN11QBasicMutex14unlockInternalEv", QBasicMutex *mutex);
void wrapUnlock(QBasicMutex *mutex)
{
    __tsan_release(mutex);
    realUnlock(mutex);
}

WRAPPED(void, Release, "_ZN10QSemaphore7releaseEi", QSemaphore *semaphore, int count);
void wrapRelease(QSemaphore *semaphore, int count)
{
    __tsan_release(semaphore);
    realRelease(semaphore, count);
}

WRAPPED(void, Acquire, "_ZN10QSemaphore7acquireEi", QSemaphore *semaphore, int count);
void wrapAcquire(QSemaphore *semaphore, int count)
{
    realAcquire(semaphore, count);
    __tsan_acquire(semaphore);
}

WRAPPED(bool, TryAcquire, "_ZN10QSemaphore10tryAcquireEii", QSemaphore *semaphore, int count, int ms);
bool wrapTryAcquire(QSemaphore *semaphore, int count, int ms)
{
    const bool acquired = realTryAcquire(semaphore, count, ms);
    if (acquired)
        __tsan_acquire(semaphore);
    return acquired;
}

} // namespace pulsedeck

/// Takes the place of the C library's for all libraries. The threads in which Qt paints and speaks HTTP are not watched: they
/// take and give back memory, and that is ordered by what is not seen.
extern "C" int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *), void *argument)
{
    static const auto create = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
    Dl_info caller = {};
    const bool byQt = dladdr(__builtin_return_address(0), &caller) != 0 && std::strstr(caller.dli_fname, "libQt6Core");
    if (!byQt || pulsedeck::startsOurs)
        return create(thread, attributes, routine, argument);
    return create(thread, attributes, &pulsedeck::QtThread::run, new pulsedeck::QtThread{routine, argument});
}

/// Past the sanitizer's: QProcess starts a program in the memory of this process, and what the sanitizer notes for the child,
/// that nothing is to be watched in it, would hold for the thread that called QProcess, to its end.
extern "C" int clone(int (*routine)(void *), void *stack, int flags, void *argument, ...) noexcept
{
    static const auto create = reinterpret_cast<decltype(&clone)>(dlsym(dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD), "clone"));
    va_list rest;
    va_start(rest, argument);
    auto *const parent = va_arg(rest, void *);
    auto *const storage = va_arg(rest, void *);
    auto *const child = va_arg(rest, void *);
    va_end(rest);
    return create(routine, stack, flags, argument, parent, storage, child);
}
