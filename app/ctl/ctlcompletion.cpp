// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/ctlcompletion.h"

#include "app/ctl/ctldeclarations.h"
#include "models/timing/timinglibrary.h"

#include <QMap>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

using Completes = DeclaredOption::Completes;

QString presetNames()
{
    QStringList names;
    for (const TimingPreset &preset : TimingLibrary::builtIn().presets)
        names.append(preset.id);
    return names.join(u' ');
}

/// A word that may follow: a command, or the name of a group.
struct Word
{
    QString path; ///< Of what stands before it: empty, "hub", "help timing".
    QString word;
    QString text;
};

/// Enough of a help text for one line.
QString brief(const QString &text)
{
    qsizetype end = text.size();
    for (const QString &stop : {u"; "_s, u". "_s, u": "_s, u" ("_s}) {
        if (const qsizetype at = text.indexOf(stop); at > 0)
            end = qMin(end, at);
    }
    return text.left(end);
}

std::vector<Word> allWords()
{
    std::vector<Word> words;
    for (const QString &before : {QString(), u"help"_s}) {
        const auto path = [&before](const QString &group) { return QString(before + u' ' + group).trimmed(); };
        for (const DeclaredCommand &command : DeclaredCommand::all())
            words.push_back({path(command.group), command.name, brief(command.help)});
        for (const DeclaredGroup &group : DeclaredGroup::all()) {
            if (!group.name.isEmpty())
                words.push_back({before, group.name, brief(group.about)});
        }
    }
    for (const QString &shell : {u"bash"_s, u"zsh"_s, u"fish"_s})
        words.push_back({u"completion"_s, shell, u"for "_s + shell});
    return words;
}

/// The options of a command, --help among them.
std::vector<const DeclaredOption *> optionsOf(const DeclaredCommand &command)
{
    std::vector<const DeclaredOption *> options = command.optionList();
    options.push_back(DeclaredOption::find(u"help"));
    return options;
}

QString quoted(QString text)
{
    return QString(u'\'' + text.replace(u'\'', u"'\\''"_s) + u'\'');
}

/// The shells' code that finds the command in the words before the one that is completed is alike in bash and zsh.
QString findsCommand(const QString &words)
{
    return u"    local at= word\n"
           "    for word in "_s
           + words
           + u"; do\n"
             "        case $word in -*) continue ;; esac\n"
             "        case $at in\n"
             "            '') at=$word ;;\n"
             "            %1|help|'help %2') at=\"$at $word\" ;;\n"
             "        esac\n"
             "    done\n"_s.arg(DeclaredGroup::names().join(u'|'), DeclaredGroup::names().join(u"'|'help "_s));
}

QString optionNames(Completes completes)
{
    QStringList names;
    for (const DeclaredOption &option : DeclaredOption::all()) {
        if (!option.value.isEmpty() && option.completes == completes)
            names.append(QString(u"--"_s + option.name));
    }
    return names.join(u'|');
}

QString bash()
{
    QString out = u"# bash completion for pulsedeckctl\n_pulsedeckctl()\n{\n"
                  "    local cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words= options= files=\n"_s
                  + findsCommand(u"\"${COMP_WORDS[@]:1:COMP_CWORD-1}\""_s);
    out += u"    case $previous in\n        %1) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
           "        %2) COMPREPLY=($(compgen -W '%3' -- \"$cur\")); return ;;\n        %4) return ;;\n    esac\n"
           "    case $at in\n"_s.arg(optionNames(Completes::Files), optionNames(Completes::Presets), presetNames(),
                                     optionNames(Completes::Nothing));
    QMap<QString, QStringList> words;
    for (const Word &word : allWords())
        words[word.path].append(word.word);
    for (auto it = words.cbegin(); it != words.cend(); ++it)
        out += u"        %1) words=%2 options='--help%3' ;;\n"_s.arg(quoted(it.key()), quoted(it.value().join(u' ')),
                                                                     it.key().isEmpty() ? u" --version"_s : QString());
    for (const DeclaredCommand &command : DeclaredCommand::all()) {
        if (words.contains(command.path()))
            continue;
        QStringList names;
        for (const DeclaredOption *option : optionsOf(command))
            names.append(QString(u"--"_s + option->name));
        out += u"        %1) options=%2%3 ;;\n"_s.arg(quoted(command.path()), quoted(names.join(u' ')),
                                                      command.takesFiles ? u" files=1"_s : QString());
    }
    return out
           + u"    esac\n"
             "    case $cur in\n"
             "        -*) COMPREPLY=($(compgen -W \"$options\" -- \"$cur\")) ;;\n"
             "        *) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\") ${files:+$(compgen -f -- \"$cur\")}) ;;\n"
             "    esac\n"
             "}\n"
             "complete -o filenames -F _pulsedeckctl pulsedeckctl\n"_s;
}

QString zsh()
{
    const auto described = [](QString text) {
        for (const QChar special : u"\\[]:"_s)
            text.replace(special, QString(u'\\' + special));
        return text;
    };
    QString out = u"#compdef pulsedeckctl\n_pulsedeckctl()\n{\n"_s + findsCommand(u"\"${(@)words[2,CURRENT-1]}\""_s)
                  + u"    local -a found\n    case $at in\n"_s;
    QMap<QString, QStringList> words;
    for (const Word &word : allWords())
        words[word.path].append(quoted(QString(word.word + u':' + described(word.text))));
    for (auto it = words.cbegin(); it != words.cend(); ++it)
        out += u"        %1) found=(%2); _describe command found ;;\n"_s.arg(quoted(it.key()), it.value().join(u' '));
    for (const DeclaredCommand &command : DeclaredCommand::all()) {
        if (words.contains(command.path()))
            continue;
        out += u"        %1) _arguments"_s.arg(quoted(command.path()));
        for (const DeclaredOption *option : optionsOf(command)) {
            QString spec = u"--%1[%2]"_s.arg(option->name, described(brief(option->help)));
            if (!option->value.isEmpty()) {
                spec += u':' + option->value + u':';
                if (option->completes != Completes::Nothing)
                    spec += option->completes == Completes::Files ? u"_files"_s : QString(u'(' + presetNames() + u')');
            }
            out += u" \\\n            "_s + quoted(spec);
        }
        out += u" \\\n            '*:argument:%1' ;;\n"_s.arg(command.takesFiles ? u"_files"_s : QString());
    }
    return out + u"    esac\n}\n_pulsedeckctl \"$@\"\n"_s;
}

QString fish()
{
    QString out =
        u"function __pulsedeckctl_at\n"
        "    set -l at\n"
        "    for word in (commandline -opc)[2..-1]\n"
        "        string match -q -- '-*' $word; and continue\n"
        "        contains -- \"$at\" '' %1 help 'help %2'; and set -a at $word\n"
        "    end\n"
        "    test \"$at\" = \"$argv[1]\"\n"
        "end\n"
        "complete -c pulsedeckctl -f\n"_s.arg(DeclaredGroup::names().join(u' '), DeclaredGroup::names().join(u"' 'help "_s));
    const auto line = [&out](const QString &path, const QString &rest, const QString &text) {
        out += u"complete -c pulsedeckctl -n \"__pulsedeckctl_at '%1'\" %2 -d %3\n"_s.arg(
            path, rest, QString(text).replace(u'\'', u"\\'"_s).prepend(u'\'').append(u'\''));
    };
    for (const Word &word : allWords())
        line(word.path, QString(u"-a "_s + word.word), word.text);
    for (const DeclaredCommand &command : DeclaredCommand::all()) {
        for (const DeclaredOption *option : optionsOf(command)) {
            QString rest = u"-l "_s + option->name;
            if (option->completes == Completes::Files)
                rest += u" -r -F"_s;
            else if (!option->value.isEmpty())
                rest += option->completes == Completes::Presets ? QString(u" -x -a '"_s + presetNames() + u'\'') : u" -x"_s;
            line(command.path(), rest, brief(option->help));
        }
        if (command.takesFiles)
            out += u"complete -c pulsedeckctl -n \"__pulsedeckctl_at '%1'\" -F\n"_s.arg(command.path());
    }
    return out;
}

} // namespace

std::optional<QString> ctlCompletion(const QString &shell)
{
    if (shell == u"bash")
        return bash();
    if (shell == u"zsh")
        return zsh();
    return shell == u"fish" ? std::optional(fish()) : std::nullopt;
}

} // namespace pulsedeck
