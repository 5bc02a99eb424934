// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/commonoptions.h"
#include "app/ctl/ctldeclarations.h"

#include <QHash>

namespace pulsedeck {

/// A command line of pulsedeckctl, read by what is declared: which command, its options, and the words behind it. Pure.
class CtlLine
{
public:
    /// \a arguments behind the name of the \a group. Options may stand anywhere, also before the command.
    static CtlLine read(QStringView group, const QStringList &arguments);

    /// What was found wrong first, in one sentence. No secret is in it: a token or a URL with a password may stand where an
    /// option is meant.
    QString problem() const { return m_problem; }
    void refuse(const QString &problem);
    void refuse(bool isWrong, const QString &problem) { refuse(isWrong ? problem : QString()); }
    bool isHelp() const { return has(u"help"); }
    bool isVersion() const { return has(u"version"); }
    QString help() const;
    /// Whether it is over: something is wrong, or help is asked for. \a options then say it, and nothing else.
    template <typename Options> bool ends(Options &options) const
    {
        if (m_problem.isEmpty() && !isHelp())
            return false;
        options = {};
        options.problem = m_problem;
        if (m_problem.isEmpty()) {
            options.action = Options::Action::Help;
            options.text = help();
        }
        return true;
    }
    /// Nullptr with a problem, or where help or version is asked for without one.
    const DeclaredCommand *command() const { return m_command; }
    /// Its place among the declared commands of its group.
    int commandNumber() const;
    const QStringList &words() const { return m_words; }

    bool has(QStringView option) const { return m_values.contains(option.toString()); }
    /// The last one given; empty if there is none.
    QString value(QStringView option) const { return values(option).isEmpty() ? QString() : values(option).constLast(); }
    QStringList values(QStringView option) const { return m_values.value(option.toString()); }
    /// The words and the values of \a option, in the order they were given in.
    struct Place
    {
        bool isWord = true;
        QString text;
    };
    QList<Place> places(QStringView option) const;

    // Each takes the value of an option if that is there, and refuses one that makes no sense.

    /// Seconds, into milliseconds.
    void takeSeconds(QStringView option, int *ms);
    /// From 0 to \a most; \a what is expected, in words.
    template <typename Number> void takeNumber(QStringView option, qint64 most, const QString &what, Number *number)
    {
        bool ok = false;
        const qint64 read = value(option).toLongLong(&ok);
        refuse(has(option) && (!ok || read < 0 || read > most), QStringLiteral("--%1 takes %2.").arg(option, what));
        if (has(option))
            *number = Number(read);
    }
    /// All options that several groups have.
    void takeCommon(CommonOptions *options);

private:
    QString m_group;
    const DeclaredCommand *m_command = nullptr;
    QStringList m_arguments;
    QStringList m_words;
    QHash<QString, QStringList> m_values;
    QString m_problem;
};

} // namespace pulsedeck
