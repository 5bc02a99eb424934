// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingfilesteps.h"

#include "models/timing/timingdesk.h"
#include "ui/common/selfdeleting.h"
#include "ui/timing/filedialog.h"
#include "ui/timing/timingdraft.h"
#include "ui/timing/timingnotes.h"
#include "ui/timing/timingwords.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMessageBox>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TimingFileSteps::TimingFileSteps(TimingFiles *files, const TimingSubject &subject, TimingDesk &desk, TimingNotes &notes,
                                 QWidget &page)
    : QObject(&page)
    , m_files(files)
    , m_subject(subject)
    , m_desk(desk)
    , m_notes(notes)
    , m_page(page)
{
    if (m_files)
        connect(m_files, &TimingFiles::answered, this, &TimingFileSteps::takeFile);
}

void TimingFileSteps::exportTo(const QString &kind)
{
    if (!m_files || !m_subject.draft)
        return;
    m_notes.endTrouble();
    auto *dialog = selfDeleting(new QFileDialog(
        &m_page, tr("Choose the %1 to change").arg(kind == u"wrangler.toml"_s ? tr("wrangler file") : tr(".env file"))));
    dialog->setObjectName(u"exportTimingDialog"_s);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot); // .env is a hidden file.
    dialog->setNameFilter(kind == u"wrangler.toml"_s ? tr("Wrangler (*.toml *.jsonc *.json);;All files (*)")
                                                     : tr("Environment (*.env .env*);;All files (*)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_notes.endTrouble();
        if (m_subject.draft)
            m_proposeToken = m_files->propose(path, m_subject.draft->profile());
    });
    dialog->open();
}

void TimingFileSteps::readFrom()
{
    if (!m_files || !m_subject.draft)
        return;
    m_notes.endTrouble();
    auto *dialog = selfDeleting(new QFileDialog(&m_page, tr("Read timing values")));
    dialog->setObjectName(u"readTimingDialog"_s);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setFilter(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_notes.endTrouble();
        m_readToken = m_files->read(path);
    });
    dialog->open();
}

QString TimingFileSteps::whyNotExport(const TimingFileAnswer &proposal) const
{
    if (m_subject.draft->unreadable() > 0)
        return tr("A value of the draft cannot be read: nothing is written.");
    TimingFacts facts = m_subject.draft->facts();
    facts.destination = TimingDestination::Files;
    const TimingCheck check =
        checkTiming(m_subject.draft->profile(), m_subject.draft->rules(), m_subject.draft->library().parameters, facts);
    for (const TimingFieldProblem &problem : check.fields) {
        const std::vector<TimingFileText::Value> values = proposal.file.inForce(proposal.environment);
        const bool held =
            std::any_of(values.begin(), values.end(), [&](const TimingFileText::Value &value) { return value.id == problem.id; });
        if (held)
            return tr("%1: %2. Nothing is written.").arg(m_subject.draft->library().parameter(problem.id).label, problem.text);
    }
    for (const TimingFinding &finding : check.findings) {
        if (finding.applies && !finding.holds && finding.severity == TimingSeverity::Must)
            return tr("%1 Nothing is written.").arg(findingSentence(finding, m_subject.draft->library()));
    }
    return {};
}

void TimingFileSteps::takeFile(const TimingFileAnswer &answer)
{
    if (!m_subject.draft || answer.token == 0 || (answer.token != m_proposeToken && answer.token != m_readToken))
        return;
    const bool proposed = answer.token == m_proposeToken;
    (proposed ? m_proposeToken : m_readToken) = 0;
    if (!answer.ok) {
        m_notes.setNote(TimingNotes::News, Glyph::Error, answer.error, tr("Close"));
        return;
    }
    m_notes.endTrouble();
    if (!proposed) {
        chooseProfile(answer);
        return;
    }
    auto *dialog = selfDeleting(new FileDialog(
        *m_files, answer, m_subject.draft->profile(), [this](const TimingFileAnswer &one) { return whyNotExport(one); },
        &m_page));
    connect(dialog, &FileDialog::written, this, [this](const QString &path, const QString &backup) {
        m_notes.setNote(
            TimingNotes::News, Glyph::Ok,
            tr("%1 is written; the old one is kept as %2.").arg(QFileInfo(path).fileName(), QFileInfo(backup).fileName()),
            tr("Close"));
    });
    dialog->open();
}

/// Of several profiles in a file one becomes the draft: which, only the operator knows.
void TimingFileSteps::chooseProfile(const TimingFileAnswer &answer)
{
    const QStringList profiles = answer.file.profiles();
    if (profiles.size() == 1) {
        readProfile(answer, profiles.constFirst());
        return;
    }
    QStringList names;
    for (const QString &name : profiles)
        names.append(name.isEmpty() ? tr("Top level") : tr("Environment %1").arg(name));
    auto *dialog = selfDeleting(new QInputDialog(&m_page));
    dialog->setObjectName(u"profileChoice"_s);
    dialog->setWindowTitle(tr("Read %1").arg(QFileInfo(answer.path).fileName()));
    dialog->setLabelText(tr("This file has several profiles. Which one is to be read?"));
    dialog->setComboBoxItems(names);
    dialog->setOkButtonText(tr("Read it"));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, answer, names, profiles, source = m_subject.source](const QString &chosen) {
                if (const qsizetype at = names.indexOf(chosen); at >= 0 && m_subject.draft && source == m_subject.source)
                    readProfile(answer, profiles.at(at));
            });
    dialog->open();
}

void TimingFileSteps::readProfile(const TimingFileAnswer &answer, const QString &environment)
{
    const QString file = QFileInfo(answer.path).fileName();
    const QString name = environment.isEmpty() ? file : tr("%1, environment %2").arg(file, environment);
    std::vector<TimingChange> changes;
    for (const TimingFileText::Value &value : answer.file.inForce(environment))
        changes.push_back({value.id, value.ms});
    if (!changes.empty())
        m_subject.draft->change(changes, tr("Values of %1").arg(name));
    QString text = changes.empty()       ? tr("%1 sets no timing value.").arg(name)
                   : changes.size() == 1 ? tr("1 value was read from %1.").arg(name)
                                         : tr("%1 values were read from %2.").arg(changes.size()).arg(name);
    bool all = true;
    for (const TimingFileText::Problem &problem : answer.file.problems) {
        if (problem.environment != environment)
            continue;
        text += u' ' + timingProblemText(problem);
        all = false;
    }
    m_notes.setNote(TimingNotes::News, all && !changes.empty() ? Glyph::Info : Glyph::Warning, text, tr("Close"));
}

void TimingFileSteps::showConstants()
{
    if (!m_subject.draft)
        return;
    QStringList lines;
    for (const TimingParameter &parameter : m_subject.draft->library().parameters) {
        if (parameter.variables.empty())
            lines.append(constantText(parameter, m_subject.draft->field(parameter.id).ms));
    }
    auto *box = new QMessageBox(
        QMessageBox::NoIcon, tr("Constants in code"),
        tr("No file sets these; where the record in Redis is not read, the code has to be changed:\n\n%1").arg(lines.join(u'\n')),
        QMessageBox::Close, &m_page);
    box->setObjectName(u"constantsBox"_s);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void TimingFileSteps::chooseRules()
{
    m_notes.endTrouble();
    auto *dialog = selfDeleting(new QFileDialog(&m_page, tr("Read rules and presets"), {}, tr("JSON (*.json);;All files (*)")));
    dialog->setObjectName(u"rulesDialog"_s);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &TimingFileSteps::readRules);
    dialog->open();
}

void TimingFileSteps::readRules(const QString &path)
{
    QStringList before;
    for (const TimingRuleSet &set : m_desk.library().ruleSets)
        before.append(set.id);
    QString error;
    if (!m_desk.extendLibrary(path, &error)) {
        m_notes.setNote(TimingNotes::News, Glyph::Error, tr("%1. The rules stay as they are.").arg(error), tr("Close"));
        return;
    }
    QString chosen;
    for (const TimingRuleSet &set : m_desk.library().ruleSets) {
        if (!before.contains(set.id) && chosen.isEmpty()) {
            emit rulesChosen(set.id);
            chosen = tr(" “%1” is checked now.").arg(set.name);
        }
    }
    m_notes.setNote(TimingNotes::News, Glyph::Ok,
                    tr("%1 is read, until the program ends.%2").arg(QFileInfo(path).fileName(), chosen), tr("Close"));
}

} // namespace pulsedeck
