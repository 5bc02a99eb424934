// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourceeditor.h"

#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/tabchain.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/sourceform.h"
#include "ui/sources/testpanel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

SourceEditor::SourceEditor(SecretStore *secrets, ConnectionTester *tester, QWidget *parent)
    : Band(Qt::LeftEdge, Ground::Chrome, parent)
    , m_secrets(secrets)
    , m_tester(tester)
{
    setObjectName(u"sourceEditor"_s);
    auto *content = new QWidget;
    auto *column = vbox(content, 10, {16, 14, 16, 14});
    column->addWidget(new ToneLabel(tr("Settings"), ToneLabel::Tone::Text, ToneLabel::Face::Bold, content));
    m_formRoom = new QVBoxLayout;
    column->addLayout(m_formRoom);

    m_state = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, content))->elided();
    m_test = new QPushButton(content);
    m_test->setObjectName(u"testSource"_s);
    m_test->setToolTip(tr("Tests what is filled in, step by step. Nothing is written, and nothing is remembered."));
    m_test->setVisible(m_tester);
    m_revert = new QPushButton(tr("Re&vert"), content);
    m_revert->setObjectName(u"revertSource"_s);
    m_save = new QPushButton(content);
    m_save->setObjectName(u"saveSource"_s);
    auto *buttons = hbox(8);
    buttons->addWidget(m_state, 1);
    for (QPushButton *button : {m_test, m_revert, m_save})
        buttons->addWidget(button);
    column->addLayout(buttons);
    if (m_tester) {
        m_tests = new TestPanel(*m_tester, content);
        m_tests->hide();
        column->addWidget(m_tests);
        connect(m_tests, &TestPanel::changed, this, &SourceEditor::review);
        connect(m_tests, &TestPanel::certificateTrusted, this, [this](const QString &fingerprint) {
            // Of the source that was tested, which need not be the one on show any more.
            if (const auto entry = m_entries.constFind(m_tested); entry != m_entries.constEnd())
                entry->form->trust(fingerprint);
            if (m_tested == m_source)
                test();
        });
        connect(m_tests, &TestPanel::reported, this, [this](const DetectionReport &report) {
            if (const auto entry = m_entries.constFind(m_tested); entry != m_entries.constEnd())
                entry->form->showFound(report, true);
        });
    }
    column->addStretch(1);

    auto *scroll = new ColumnScroll(content, this);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded); // In the smallest windows with the largest fonts.
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(1, 0, 0, 0);
    whole->addWidget(scroll);

    connect(m_test, &QPushButton::clicked, this, &SourceEditor::test);
    connect(m_revert, &QPushButton::clicked, this, &SourceEditor::revert);
    connect(m_save, &QPushButton::clicked, this, &SourceEditor::save);
    review();
}

void SourceEditor::focusForm()
{
    if (Entry *entry = current())
        entry->form->focusAddress();
}

SourceEditor::Entry *SourceEditor::current()
{
    const auto found = m_entries.find(m_source);
    return found == m_entries.end() ? nullptr : &*found;
}

const SourceEditor::Entry *SourceEditor::current() const
{
    const auto found = m_entries.constFind(m_source);
    return found == m_entries.constEnd() ? nullptr : &*found;
}

bool SourceEditor::differs(const Entry &entry)
{
    return !(entry.form->settings() == entry.baseline);
}

void SourceEditor::setSource(const SourceSettings &settings)
{
    const bool other = settings.id != m_source;
    if (Entry *before = current(); before && other)
        before->form->hide();
    m_source = settings.id;
    Entry *entry = current();
    SourceSettings comparable = settings;
    if (entry)
        comparable.visible = entry->given.visible; // The form does not set it.
    // Changes made elsewhere are shown, unless something is being typed here.
    if (!entry || (!(entry->given == comparable) && !differs(*entry)))
        makeForm(settings);
    current()->form->show();
    if (m_tests && other) {
        m_tests->stop();
        m_tests->setVisible(m_tested == m_source);
    }
    if (other)
        review();
}

void SourceEditor::makeForm(const SourceSettings &settings)
{
    forget(settings.id);
    auto *form = new SourceForm(settings, m_secrets, this);
    m_formRoom->addWidget(form);
    placeTabsBefore(m_test, form);
    m_entries.insert(settings.id, {form, settings, form->settings(), {}});
    form->setCanMakeLayout(m_canMakeLayout);
    connect(form, &SourceForm::lookAgainRequested, this, [this] { emit lookAgainRequested(m_source); });
    connect(form, &SourceForm::layoutRequested, this, &SourceEditor::layoutRequested);
    connect(form, &SourceForm::edited, this, &SourceEditor::review);
    connect(form, &SourceForm::validityChanged, this, &SourceEditor::review);
    review();
}

void SourceEditor::forget(SourceId source)
{
    const auto found = m_entries.constFind(source);
    if (found == m_entries.constEnd())
        return;
    SourceForm *form = found->form;
    m_entries.erase(found);
    form->hide();
    form->deleteLater(); // It may be the sender of the signal that led here.
}

void SourceEditor::forgetAllBut(const QList<SourceId> &sources)
{
    const QList<SourceId> known = m_entries.keys();
    for (const SourceId source : known) {
        if (!sources.contains(source))
            forget(source);
    }
}

void SourceEditor::focusLogin()
{
    if (Entry *entry = current())
        entry->form->focusLogin();
}

void SourceEditor::showFound(const DetectionReport &report)
{
    Entry *entry = current();
    if (!entry || report.commands == 0 || entry->seen == report)
        return;
    SourceSettings there = entry->form->settings();
    there.systems = entry->given.systems;
    if (!there.sameConnection(entry->given))
        return; // Another place is being typed, of which this says nothing.
    entry->seen = report;
    entry->form->showFound(report, true);
}

void SourceEditor::setCanMakeLayout(bool can)
{
    m_canMakeLayout = can;
    for (const Entry &entry : std::as_const(m_entries))
        entry.form->setCanMakeLayout(can);
}

void SourceEditor::save()
{
    Entry *entry = current();
    if (!entry || !entry->form->isValid() || m_busy)
        return;
    const SourceSettings wanted = entry->form->settings();
    m_busy = true;
    review();
    entry->form->keep([this, wanted](bool kept) {
        m_busy = false;
        if (kept && m_entries.contains(wanted.id)) {
            forget(wanted.id); // It is made again from what was kept.
            emit saved(wanted);
        }
        review();
    });
}

void SourceEditor::revert()
{
    if (const Entry *entry = current()) {
        makeForm(SourceSettings(entry->given));
        current()->form->show();
        current()->form->focusAddress();
    }
}

void SourceEditor::test()
{
    const Entry *entry = current();
    if (!entry || !m_tests)
        return;
    if (m_tests->isRunning()) {
        m_tests->stop();
        return;
    }
    if (!entry->form->isValid())
        return;
    m_tested = m_source;
    m_tests->show();
    m_tests->begin(entry->form->testSettings());
}

void SourceEditor::review()
{
    const Entry *entry = current();
    const bool valid = entry && entry->form->isValid();
    const bool changed = entry && differs(*entry);
    const bool running = m_tests && m_tests->isRunning();
    if (entry)
        entry->form->setEnabled(!m_busy);
    m_test->setText(running ? tr("&Stop") : m_tested == m_source && m_source != 0 ? tr("&Test again") : tr("&Test"));
    m_test->setEnabled(running || (valid && !m_busy));
    m_revert->setEnabled(changed && !m_busy);
    m_save->setText(m_busy ? tr("Asking the keychain…") : tr("&Save"));
    m_save->setEnabled(changed && valid && !m_busy);
    const ButtonRole role = changed ? ButtonRole::Primary : ButtonRole::Normal;
    if (buttonRole(m_save) != role)
        setButtonRole(m_save, role);
    m_state->setText(changed ? tr("Not saved") : QString());
}

} // namespace pulsedeck
